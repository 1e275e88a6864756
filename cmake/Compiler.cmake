# Warnings, sanitizers, compiler cache and the precompiled header that every target of the project shares.
find_program(SOTHON_CCACHE ccache)
if(SOTHON_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SOTHON_CCACHE})
endif()

find_program(SOTHON_LLD ld.lld)
if(SOTHON_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_library(sothon_warnings INTERFACE)
target_compile_options(sothon_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<BOOL:${SOTHON_WERROR}>:-Werror>)

if(SOTHON_SANITIZE)
  add_compile_options(-fsanitize=${SOTHON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${SOTHON_SANITIZE})
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)  # lets ccache see through precompiled headers
endif()

# sothon_library(NAME SOURCES... LINK targets...): a static library with the project's warnings, include root and, when it
# uses gRPC or protobuf (LINK names sothon_proto), the precompiled header.
function(sothon_target_setup target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE sothon_warnings)
  if(TARGET sothon_pch)
    target_precompile_headers(${target} REUSE_FROM sothon_pch)
  endif()
endfunction()

function(sothon_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  sothon_target_setup(${name})
endfunction()

function(sothon_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  sothon_target_setup(${name})
endfunction()

# sothon_test(NAME LABEL unit|integration|fault|fuzz SOURCES... LINK... [TIMEOUT seconds]): one GoogleTest binary, one ctest entry.
function(sothon_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LINK;DEPENDS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  sothon_target_setup(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  # It is there to end what hangs, not to measure: sanitizers take several times as long, beside other work more.
  if(SOTHON_SANITIZE)
    math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "SOTHON_BIN=${CMAKE_BINARY_DIR}/bin;SOTHON_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()
