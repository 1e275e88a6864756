#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "absl/strings/escaping.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "common/merkle/tile.h"

namespace sothon::merkle {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

Hash FromHex(std::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(ToAbsl(hex));
  Hash hash{};
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}
std::string ToHex(const Hash& hash) { return absl::BytesToHexString(ToAbsl(AsBytes(hash))); }

// The tree of the public test vectors of certificate-transparency (RFC 6962's reference programs).
const char* const kLeaves[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const char* const kRoots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                              "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                              "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                              "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                              "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                              "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                              "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
const char k01[] = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const char k03[] = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const char k0[] = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const char k1[] = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const char k23[] = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const char k47[] = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const char k4[] = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const char k67[] = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const char k45[] = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

// The definition of RFC 6962, section 2.1, word for word: slow and obvious.
Hash Mth(absl::Span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return HashNode(Mth(leaves.first(k)), Mth(leaves.subspan(k)));
}
std::vector<Hash> Path(size_t m, absl::Span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  std::vector<Hash> path = m < k ? Path(m, leaves.first(k)) : Path(m - k, leaves.subspan(k));
  path.push_back(m < k ? Mth(leaves.subspan(k)) : Mth(leaves.first(k)));
  return path;
}
std::vector<Hash> SubProof(size_t m, absl::Span<const Hash> leaves, bool known) {
  if (m == leaves.size()) return known ? std::vector<Hash>() : std::vector<Hash>{Mth(leaves)};
  size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  std::vector<Hash> proof = m <= k ? SubProof(m, leaves.first(k), known) : SubProof(m - k, leaves.subspan(k), false);
  proof.push_back(m <= k ? Mth(leaves.subspan(k)) : Mth(leaves.first(k)));
  return proof;
}

// All tiles of a growing tree, full ones as they come.
class Tiles {
 public:
  void Append(const Hash& leaf) {
    leaves_.push_back(leaf);
    edge_.Append(leaf, [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
      full_[{level, index}].assign(hashes.begin(), hashes.end());
    });
  }
  TileNodes Nodes(uint64_t size) const {
    return TileNodes(size, [this, size](const Tile& tile) -> absl::StatusOr<std::vector<Hash>> {
      ++reads_;
      if (const auto found = full_.find({tile.level, tile.index}); found != full_.end()) {
        return std::vector<Hash>(found->second.begin(), found->second.begin() + tile.width);
      }
      if (size != edge_.size()) return absl::NotFoundError("a partial tile of the past");
      const absl::Span<const Hash> hashes = edge_.Partial(tile.level);
      return std::vector<Hash>(hashes.begin(), hashes.end());
    });
  }
  const TreeEdge& edge() const { return edge_; }
  const std::vector<Hash>& leaves() const { return leaves_; }
  const std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>>& full() const { return full_; }

 private:
  std::vector<Hash> leaves_;
  TreeEdge edge_;
  std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>> full_;
  mutable int reads_ = 0;
};

Tiles Grown(size_t size) {
  Tiles tiles;
  for (size_t i = 0; i < size; ++i) tiles.Append(HashLeaf(StrCat("leaf ", i)));
  return tiles;
}

TEST(Merkle, TheRootsOfThePublishedVectors) {
  TreeEdge edge;
  EXPECT_EQ(ToHex(edge.Root()), kRoots[0]);
  for (size_t i = 0; i < 8; ++i) {
    edge.Append(HashLeaf(absl::HexStringToBytes(kLeaves[i])), [](auto...) {});
    EXPECT_EQ(ToHex(edge.Root()), kRoots[i + 1]);
  }
}

TEST(Merkle, TheInclusionProofsOfThePublishedVectors) {
  struct Case {
    uint64_t index, size;
    std::vector<const char*> proof;
  };
  const Case cases[] = {
      {0, 1, {}}, {0, 8, {k1, k23, k47}}, {5, 8, {k4, k67, k03}}, {2, 3, {k01}}, {1, 5, {k0, k23, k4}}};
  for (const Case& one : cases) {
    TreeEdge edge;
    std::vector<Hash> leaves;
    for (size_t i = 0; i < one.size; ++i) {
      leaves.push_back(HashLeaf(absl::HexStringToBytes(kLeaves[i])));
      edge.Append(leaves.back(), [](auto...) {});
    }
    const auto proof = InclusionProof(one.index, one.size, edge);
    ASSERT_TRUE(proof.ok()) << proof.status();
    std::vector<Hash> expected;
    for (const char* hex : one.proof) expected.push_back(FromHex(hex));
    EXPECT_THAT(*proof, ElementsAreArray(expected));
    EXPECT_TRUE(CheckInclusion(one.index, one.size, leaves[one.index], expected, FromHex(kRoots[one.size])).ok());
  }
}

TEST(Merkle, TheConsistencyProofsOfThePublishedVectors) {
  struct Case {
    uint64_t first, second;
    std::vector<const char*> proof;
  };
  const Case cases[] = {{1, 1, {}}, {1, 8, {k1, k23, k47}}, {6, 8, {k45, k67, k03}}, {2, 5, {k23, k4}}};
  for (const Case& one : cases) {
    TreeEdge edge;
    for (size_t i = 0; i < one.second; ++i) {
      edge.Append(HashLeaf(absl::HexStringToBytes(kLeaves[i])), [](auto...) {});
    }
    const auto proof = ConsistencyProof(one.first, one.second, edge);
    ASSERT_TRUE(proof.ok()) << proof.status();
    std::vector<Hash> expected;
    for (const char* hex : one.proof) expected.push_back(FromHex(hex));
    EXPECT_THAT(*proof, ElementsAreArray(expected));
    EXPECT_TRUE(
        CheckConsistency(one.first, FromHex(kRoots[one.first]), one.second, FromHex(kRoots[one.second]), expected)
            .ok());
  }
}

TEST(Merkle, ProofsAreThoseOfTheDefinitionForEverySizeUpToSixty) {
  Tiles tiles;
  for (size_t size = 1; size <= 60; ++size) {
    tiles.Append(HashLeaf(StrCat("leaf ", size)));
    const TileNodes nodes = tiles.Nodes(size);
    const absl::Span<const Hash> leaves = tiles.leaves();
    const Hash root = Mth(leaves);
    ASSERT_EQ(*Root(size, nodes), root);
    ASSERT_EQ(tiles.edge().Root(), root);
    for (size_t index = 0; index < size; ++index) {
      const std::vector<Hash> proof = InclusionProof(index, size, nodes).value();
      ASSERT_EQ(proof, Path(index, leaves));
      ASSERT_TRUE(CheckInclusion(index, size, leaves[index], proof, root).ok());
    }
    for (size_t first = 1; first <= size; ++first) {
      const std::vector<Hash> proof = ConsistencyProof(first, size, nodes).value();
      ASSERT_EQ(proof, SubProof(first, leaves, true));
      ASSERT_TRUE(CheckConsistency(first, Mth(leaves.first(first)), size, root, proof).ok()) << first << " " << size;
    }
  }
  EXPECT_THAT(*ConsistencyProof(0, 60, tiles.Nodes(60)), IsEmpty());
}

TEST(Merkle, AcrossTilesOfSeveralLevels) {
  for (const size_t size : {255u, 256u, 257u, 511u, 512u, 70'000u}) {
    const Tiles tiles = Grown(size);
    const TileNodes nodes = tiles.Nodes(size);
    const Hash root = Mth(tiles.leaves());
    EXPECT_EQ(*Root(size, nodes), root) << size;
    EXPECT_EQ(tiles.edge().Root(), root) << size;
    for (const size_t index : {size_t{0}, size / 3, size - 1}) {
      EXPECT_EQ(InclusionProof(index, size, nodes).value(), Path(index, tiles.leaves()));
      EXPECT_EQ(ConsistencyProof(index + 1, size, nodes).value(), SubProof(index + 1, tiles.leaves(), true));
    }
  }
}

// Every proof that is not the one is refused: a hash changed, two swapped, one left out, one too many, another index,
// another size, another root.
TEST(Merkle, WhatIsNotTheProofIsRefused) {
  std::mt19937_64 random(20251105);
  const Tiles tiles = Grown(300);
  const absl::Span<const Hash> leaves = tiles.leaves();
  for (int round = 0; round < 300; ++round) {
    const uint64_t size = 2 + random() % 299;
    const uint64_t index = random() % size;
    const Hash root = Mth(leaves.first(size));
    const std::vector<Hash> good = Path(index, leaves.first(size));
    const auto refused = [&](uint64_t at, uint64_t of, const Hash& leaf, const std::vector<Hash>& proof,
                             const Hash& top) { return !CheckInclusion(at, of, leaf, proof, top).ok(); };
    std::vector<Hash> bad = good;
    bad[random() % bad.size()][random() % 32] ^= static_cast<uint8_t>(1 + random() % 255);
    EXPECT_TRUE(refused(index, size, leaves[index], bad, root));
    bad = good;
    bad.pop_back();
    EXPECT_TRUE(refused(index, size, leaves[index], bad, root));
    bad = good;
    bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(random() % (bad.size() + 1)), good[random() % good.size()]);
    EXPECT_TRUE(refused(index, size, leaves[index], bad, root));
    if (good.size() > 1) {
      bad = good;
      std::swap(bad[0], bad[1]);
      EXPECT_TRUE(refused(index, size, leaves[index], bad, root));
    }
    EXPECT_TRUE(refused(index ^ 1, size, leaves[index], good, root));
    EXPECT_TRUE(refused(index, 0, leaves[index], good, root)) << "size 0";
    EXPECT_TRUE(refused(size, size, leaves[index], good, root));
    EXPECT_TRUE(refused(index, size, leaves[(index + 1) % size], good, root));
    EXPECT_TRUE(refused(index, size, leaves[index], good, leaves[0]));

    const uint64_t first = 1 + random() % (size - 1);
    const Hash first_root = Mth(leaves.first(first));
    const std::vector<Hash> consistent = SubProof(first, leaves.first(size), true);
    const auto inconsistent = [&](uint64_t a, const Hash& a_root, uint64_t b, const Hash& b_root,
                                  const std::vector<Hash>& proof) {
      return !CheckConsistency(a, a_root, b, b_root, proof).ok();
    };
    bad = consistent;
    bad[random() % bad.size()][random() % 32] ^= static_cast<uint8_t>(1 + random() % 255);
    EXPECT_TRUE(inconsistent(first, first_root, size, root, bad));
    bad = consistent;
    bad.pop_back();
    EXPECT_TRUE(inconsistent(first, first_root, size, root, bad));
    bad = consistent;
    bad.push_back(good[0]);
    EXPECT_TRUE(inconsistent(first, first_root, size, root, bad));
    EXPECT_TRUE(inconsistent(first, root, size, first_root, consistent));
    EXPECT_TRUE(inconsistent(size, root, first, first_root, consistent)) << "the later one is smaller";
    EXPECT_TRUE(inconsistent(0, first_root, size, root, {})) << "an empty tree has one root only";
    EXPECT_TRUE(inconsistent(size, first_root, size, root, {}));
  }
}

TEST(Merkle, TheEdgeIsTakenUpAgainFromItsPartialTiles) {
  const Tiles tiles = Grown(66'000);
  std::vector<std::vector<Hash>> partial;
  for (uint32_t level = 0; level < 3; ++level) {
    partial.emplace_back(tiles.edge().Partial(level).begin(), tiles.edge().Partial(level).end());
  }
  absl::StatusOr<TreeEdge> resumed = TreeEdge::Resume(66'000, partial);
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_EQ(resumed->Root(), tiles.edge().Root());
  Tiles grown = tiles;
  for (int i = 0; i < 1'000; ++i) {
    grown.Append(HashLeaf(StrCat("more ", i)));
    resumed->Append(HashLeaf(StrCat("more ", i)), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
      EXPECT_EQ(grown.full().at({level, index}), std::vector<Hash>(hashes.begin(), hashes.end()));
    });
    ASSERT_EQ(resumed->Root(), grown.edge().Root());
  }
  partial[1].pop_back();
  EXPECT_EQ(TreeEdge::Resume(66'000, partial).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Merkle, TilesHaveThePathsAndWidthsOfTheSpecification) {
  EXPECT_EQ(TilePath({0, 1'234'067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(TilePath({1, 5, 17}), "tile/1/005.p/17");
  EXPECT_EQ(EntriesPath(999), "tile/entries/999");
  EXPECT_EQ(EntriesPath(1'000, 3), "tile/entries/x001/000.p/3");
  EXPECT_EQ(FullTiles(70'000, 0), 273u);
  EXPECT_EQ(PartialWidth(70'000, 0), 112u);
  EXPECT_EQ(FullTiles(70'000, 1), 1u);
  EXPECT_EQ(PartialWidth(70'000, 1), 17u);
  EXPECT_EQ(PartialWidth(70'000, 2), 1u);
  EXPECT_EQ(PartialWidth(256, 1), 1u);
  const std::vector<Tile> expected = {{0, 0, 256}, {0, 1, 1}, {1, 0, 1}};
  EXPECT_EQ(NewTiles(255, 257), expected);
  EXPECT_THAT(NewTiles(257, 257), IsEmpty());
}

TEST(Merkle, AskingBeyondTheTreeIsAnError) {
  const Tiles tiles = Grown(5);
  EXPECT_EQ(InclusionProof(5, 5, tiles.edge()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ConsistencyProof(6, 5, tiles.edge()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(tiles.Nodes(5).Node(3, 0).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(tiles.Nodes(5).Node(8, 0).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace sothon::merkle
