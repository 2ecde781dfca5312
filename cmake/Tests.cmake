# Every *_test.c is a cmocka program and a CTest test named by its path; *_long_test.c has the label `long`.
# Tests run in the source folder, so ../shared/data is found from there.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# Slow obvious oracles and other helpers that several tests share: tests/*.c.
add_library(zcz_test_helpers INTERFACE)
target_include_directories(zcz_test_helpers INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(zcz_test_helpers INTERFACE zcz_static PkgConfig::CMOCKA)
if(test_helpers)
  add_library(zcz_oracles STATIC ${test_helpers})
  target_link_libraries(zcz_oracles PUBLIC zcz_test_helpers)
endif()

if(ZCZ_SANITIZE) # a list such as address,undefined cannot stand in a generator expression
  set(golden_seconds 60)
else()
  set(golden_seconds 20)
endif()

function(zcz_test_settings name)
  set_tests_properties(${name} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} TIMEOUT 300
    ENVIRONMENT "ZCZ=$<TARGET_FILE:zcz_command>;ZCZ_LIBRARY=$<TARGET_FILE:zcz>;ZCZ_SOURCE_DIR=${PROJECT_SOURCE_DIR};OMP_WAIT_POLICY=passive;ZCZ_GOLDEN_SECONDS=${golden_seconds}")
  if(name MATCHES "_long_test$")
    set_tests_properties(${name} PROPERTIES LABELS long TIMEOUT 14400 RUN_SERIAL ON)
  endif()
endfunction()

foreach(source ${test_sources})
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
  string(REGEX REPLACE "\\.c$" "" name ${name})
  string(REGEX REPLACE "[/.-]" "_" target ${name})
  add_executable(${target} ${source})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(${target} PRIVATE $<TARGET_NAME_IF_EXISTS:zcz_oracles> zcz_test_helpers)
  add_test(NAME ${name} COMMAND ${target})
  zcz_test_settings(${name})
endforeach()

# tests/fuzz/X_fuzz.c defines LLVMFuzzerTestOneInput. The `fuzz` preset builds it for libFuzzer; every other preset
# builds a program that replays the files of tests/fuzz/corpus/X/ once, as a test.
foreach(source ${fuzz_sources})
  cmake_path(GET source STEM target)
  string(REGEX REPLACE "_fuzz$" "" corpus ${target})
  if(ZCZ_FUZZ)
    add_executable(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} ${source} tests/fuzz/replay.c)
    add_test(NAME tests/fuzz/${target} COMMAND ${target} tests/fuzz/corpus/${corpus})
    zcz_test_settings(tests/fuzz/${target})
  endif()
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(${target} PRIVATE zcz_test_helpers)
endforeach()

# What needs no package: the command's golden runs (tests/golden/*.test), and once, in the ordinary build, the shape of
# the source, what the library exports, and what `make install` leaves.
add_test(NAME tests/golden COMMAND ${PROJECT_SOURCE_DIR}/tests/golden/run)
zcz_test_settings(tests/golden)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  foreach(check tools/check-layers tools/check-sizes tools/check-symbols tests/install)
    add_test(NAME ${check} COMMAND ${PROJECT_SOURCE_DIR}/${check})
    zcz_test_settings(${check})
  endforeach()
endif()
