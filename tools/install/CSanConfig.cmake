# find_package(CSan) gives
#   CSan::sanitize      compiles and links what links it with CSan; the compiler must be csan-clang or clang 22
#   CSan::go            <csan/go.h>, with or without the sanitizer
#   csan_add_test(NAME name COMMAND command… [SUPPRESSIONS file] [RECORDS folder] [OPTIONS key=value…])
#                       a test (label csan) that fails if CSan finds something; with RECORDS its findings are
#                       kept in that folder as records
#   CSAN_PREFIX         where CSan is
# Projects that should be checked as a whole need none of these: CSanToolchain.cmake.
cmake_minimum_required(VERSION 3.22)
# The place itself, also if it was reached by a link.
get_filename_component(CSAN_PREFIX "${CMAKE_CURRENT_LIST_FILE}" REALPATH)
get_filename_component(CSAN_PREFIX "${CSAN_PREFIX}/../../../.." ABSOLUTE)

foreach(language C CXX)
  if(NOT CMAKE_${language}_COMPILER)
    continue()
  endif()
  get_filename_component(csan_compiler "${CMAKE_${language}_COMPILER}" NAME)
  if(csan_compiler MATCHES "^csan-clang")
    set(csan_flags -fsanitize=concurrency)
  elseif(CMAKE_${language}_COMPILER_ID STREQUAL "Clang" AND CMAKE_${language}_COMPILER_VERSION MATCHES "^22\\.")
    set(csan_flags --config=${CSAN_PREFIX}/share/csan/csan.cfg)
  else()
    set(CSan_FOUND FALSE)
    set(CSan_NOT_FOUND_MESSAGE "CSan needs csan-clang or clang 22, not ${CMAKE_${language}_COMPILER}: configure \
an empty build folder with --toolchain ${CSAN_PREFIX}/lib/cmake/CSan/CSanToolchain.cmake or \
-DCMAKE_C_COMPILER=csan-clang -DCMAKE_CXX_COMPILER=csan-clang++")
    return()
  endif()
endforeach()

if(NOT TARGET CSan::sanitize)
  add_library(CSan::sanitize INTERFACE IMPORTED)
  target_compile_options(CSan::sanitize INTERFACE ${csan_flags} -g)
  target_link_options(CSan::sanitize INTERFACE ${csan_flags})
endif()

if(NOT TARGET CSan::go)
  find_library(CSAN_BOOST_CONTEXT boost_context)
  if(CSAN_BOOST_CONTEXT)
    include(CMakeFindDependencyMacro)
    find_dependency(Threads)
    add_library(CSan::go STATIC IMPORTED)
    set_target_properties(CSan::go PROPERTIES IMPORTED_LOCATION ${CSAN_PREFIX}/lib/libcsan_go.a)
    target_include_directories(CSan::go INTERFACE ${CSAN_PREFIX}/include)
    target_compile_features(CSan::go INTERFACE cxx_std_20)
    target_link_libraries(CSan::go INTERFACE ${CSAN_BOOST_CONTEXT} Threads::Threads ${CMAKE_DL_LIBS})
  endif()
endif()

function(csan_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;SUPPRESSIONS;RECORDS" "COMMAND;OPTIONS")
  if(NOT arg_NAME OR NOT arg_COMMAND OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "csan_add_test(NAME name COMMAND command… [SUPPRESSIONS file] [RECORDS folder] "
                        "[OPTIONS key=value…]): ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_test(NAME ${arg_NAME} COMMAND ${arg_COMMAND})
  set(options ${arg_OPTIONS})
  if(arg_SUPPRESSIONS)
    get_filename_component(file "${arg_SUPPRESSIONS}" ABSOLUTE)
    list(APPEND options "suppressions=${file}")
  endif()
  if(arg_RECORDS)
    get_filename_component(folder "${arg_RECORDS}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
    file(MAKE_DIRECTORY "${folder}")
    string(MAKE_C_IDENTIFIER "${arg_NAME}" file)
    list(APPEND options "format=json" "log_path=${folder}/${file}")
  endif()
  # What is in the environment of who runs the tests stays, and its options come first.
  list(TRANSFORM options PREPEND "CSAN_OPTIONS=path_list_append:")
  set_tests_properties(${arg_NAME} PROPERTIES LABELS csan ENVIRONMENT_MODIFICATION "${options}")
endfunction()
