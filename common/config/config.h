// Configuration of a service: one TOML file, a schema that refuses unknown keys, every key with unit, default and
// bounds.
//
// A service declares its keys once, binding each to a field of its own config struct:
//
//   ConfigSchema schema;
//   schema.Integer("limits.events_per_request_max", &config.events_per_request_max, 1, 10'000, "events", "...");
//   SOTHON_RETURN_IF_ERROR(schema.LoadFile(path));
//
// Thread-compatible; used at start only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace sothon {

class ConfigSchema {
 public:
  ConfigSchema();
  ~ConfigSchema();
  ConfigSchema(const ConfigSchema&) = delete;
  ConfigSchema& operator=(const ConfigSchema&) = delete;

  // `key` is dotted ("limits.queue_bytes_max"); `*target` holds the default and must outlive the schema.
  void Integer(std::string key, int64_t* target, int64_t min, int64_t max, std::string unit, std::string description);
  void Number(std::string key, double* target, double min, double max, std::string unit, std::string description);
  void Boolean(std::string key, bool* target, std::string description);
  enum class Sensitivity { kPlain, kSecret };
  void Text(std::string key, std::string* target, std::string description,
            Sensitivity sensitivity = Sensitivity::kPlain);
  void TextList(std::string key, std::vector<std::string>* target, std::string description);

  // INVALID_ARGUMENT names file, line, key and remedy: not TOML, an unknown key (with the nearest known one), a wrong
  // type, a value out of bounds. NOT_FOUND: no such file. On error no target was changed.
  absl::Status LoadFile(const std::string& path);
  absl::Status LoadText(std::string_view toml, std::string_view source_name);

  // One line of key=value for what is in force, secrets redacted; for the log.
  std::string Effective() const;
  // A commented TOML file of all keys with their defaults; for --print-config and the docs.
  std::string Template() const;

 private:
  struct Key;
  std::vector<Key> keys_;
};

}  // namespace sothon
