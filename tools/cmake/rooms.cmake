# The rooms, and which of them a room may use (ARCHITECTURE.md, "Rooms"). One target a folder; a link that
# the table below does not allow stops the configure step, so that the document and the code agree.

# Which rooms a room may use. `content/base` (JSON, instants, digests, files) is open to all,
# and `content/airing` (what an airing is) to the player too.
set(RIVERLIGHT_player_USES "^(player/|content/base$|content/airing$|content/manual$)")
set(RIVERLIGHT_content_USES "^content/")
set(RIVERLIGHT_scheduler_USES "^(scheduler/|content/base$|content/segment$)")
set(RIVERLIGHT_firmware_USES "^(firmware/|player/cue$|scheduler/|content/)")
set(RIVERLIGHT_tools_USES "^(tools/|firmware/|player/|scheduler/|content/)")
set(RIVERLIGHT_tests_USES ".*")

# Foreign libraries, and the one room (a pattern where two sides of one wire need it) that touches each.
set(RIVERLIGHT_LIB_av "^player/av$")
set(RIVERLIGHT_LIB_curl "^(content/sync|firmware/report|tools/fleet|tools/upload)$")
set(RIVERLIGHT_LIB_sqlite "^(content/journal|firmware/journal|tools/office)$")
set(RIVERLIGHT_LIB_postgresql "^tools/office$")
set(RIVERLIGHT_LIB_sodium "^content/base$")
set(RIVERLIGHT_LIB_openssl "^content/base$")
set(RIVERLIGHT_LIB_tls "^(content/sync|firmware/report)$")
set(RIVERLIGHT_LIB_toml "^(content/base|scheduler/campaign|firmware/config|tools/author|tools/cli|tools/publisher)$")
set(RIVERLIGHT_LIB_cli11 "^(content/manual|tools/cli|tools/fleet|tools/office|firmware|firmware/slots|firmware/update|player)$")
set(RIVERLIGHT_LIB_spdlog "^(content/log|firmware.*|tools/office)$")
set(RIVERLIGHT_LIB_ical "^tests/")
set(RIVERLIGHT_LIB_tz "^scheduler/calendar$")
set(RIVERLIGHT_LIB_ebur128 "^tools/(author|quality)$")
set(RIVERLIGHT_LIB_systemd "^(firmware|firmware/start|tools/office)$")
set(RIVERLIGHT_LIB_sdl "^player/outlet$")
set(RIVERLIGHT_LIB_x11 "^tests/")
set(RIVERLIGHT_LIB_drm "^player/screen$")
set(RIVERLIGHT_LIB_alsa "^player/screen$")
set(RIVERLIGHT_LIB_seccomp "^player/confine$")
set(RIVERLIGHT_LIB_text "^player/text$")
set(RIVERLIGHT_LIB_asio ".*")
set(RIVERLIGHT_LIB_zlib "^content/http$")
set(RIVERLIGHT_LIB_expat "^tools/traffic$")
set(RIVERLIGHT_LIB_xlsx "^tools/office$")
set(RIVERLIGHT_LIB_dvbpsi "^player/feed$")
set(RIVERLIGHT_LIB_srt "^player/feed$")
set(RIVERLIGHT_LIB_avahi "^firmware/nearby$")

# The rooms that fuzz targets reach: with RIVERLIGHT_FUZZ they report their coverage to libFuzzer.
set(RIVERLIGHT_FUZZED "^(content/airing|content/base|content/http|content/segment|content/update|player/av|player/cue|player/file|player/text|scheduler/.*|tools/author|tools/proof)$")

function(riverlight_check_uses folder)
  string(REGEX MATCH "^[a-z]+" room "${folder}")
  foreach(used IN LISTS ARGN)
    if(NOT used MATCHES "${RIVERLIGHT_${room}_USES}")
      message(FATAL_ERROR "${folder} may not use ${used}: ${room}/ may only use rooms that match "
                          "'${RIVERLIGHT_${room}_USES}' (tools/cmake/rooms.cmake)")
    endif()
  endforeach()
endfunction()

function(riverlight_link target folder)
  cmake_parse_arguments(ARG "" "" "USES;LIBS" ${ARGN})
  riverlight_check_uses(${folder} ${ARG_USES})
  foreach(used IN LISTS ARG_USES)
    string(REPLACE "/" "_" name "${used}")
    target_link_libraries(${target} PUBLIC rl_${name})
  endforeach()
  foreach(lib IN LISTS ARG_LIBS)
    if(NOT DEFINED RIVERLIGHT_LIB_${lib})
      message(FATAL_ERROR "${folder} asks for unknown library '${lib}': name it in tools/cmake/rooms.cmake")
    endif()
    if(NOT folder MATCHES "${RIVERLIGHT_LIB_${lib}}" AND NOT folder MATCHES "^tests")
      message(FATAL_ERROR "${folder} may not touch library '${lib}', which belongs to ${RIVERLIGHT_LIB_${lib}}")
    endif()
    target_link_libraries(${target} PUBLIC rl_lib_${lib})
  endforeach()
endfunction()

# riverlight_room(content/base SOURCES a.cpp b.cpp USES content/x LIBS sodium): a static library rl_content_base.
function(riverlight_room folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBS" ${ARGN})
  string(REPLACE "/" "_" name "${folder}")
  add_library(rl_${name} STATIC ${ARG_SOURCES})
  target_include_directories(rl_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(rl_${name} PRIVATE rl_warnings)
  if(RIVERLIGHT_FUZZ AND folder MATCHES "${RIVERLIGHT_FUZZED}")
    target_compile_options(rl_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  riverlight_link(rl_${name} ${folder} USES ${ARG_USES} LIBS ${ARG_LIBS})
endfunction()

# riverlight_program(riverlightd firmware MAN 8 PACKAGE board SOURCES main.cpp USES ... LIBS ...): a program in bin/, with a man
# page and bash completion, which it prints itself (content/manual). Its package (packages/) installs them; without one nothing does.
function(riverlight_program target folder)
  cmake_parse_arguments(ARG "" "MAN;PACKAGE" "SOURCES;USES;LIBS" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE rl_warnings)
  riverlight_link(${target} ${folder} USES content/manual ${ARG_USES} LIBS ${ARG_LIBS})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  if(ARG_PACKAGE)
    install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${ARG_PACKAGE})
  endif()
  if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    return() # what was built does not run here
  endif()
  set(page ${PROJECT_BINARY_DIR}/share/man/man${ARG_MAN}/${target}.${ARG_MAN})
  set(completion ${PROJECT_BINARY_DIR}/share/bash-completion/completions/${target})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/man/man${ARG_MAN} ${PROJECT_BINARY_DIR}/share/bash-completion/completions)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${target} --print-man-page > ${page}
    COMMAND ${target} --print-bash-completion > ${completion}
    BYPRODUCTS ${page} ${completion})
  if(ARG_PACKAGE)
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${ARG_MAN} COMPONENT ${ARG_PACKAGE})
    install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT ${ARG_PACKAGE})
  endif()
endfunction()

# The cases of a test program that GoogleTest's filter names (empty: all), as tests `PREFIX.Suite.Case` with a label and further
# properties. Under the sanitizers a program's start takes longer than most unit tests: there these run in four parts, `PREFIX.part1`
# to `part4`, each in one process.
function(riverlight_discover_tests target prefix label timeout filter)
  set(properties LABELS ${label} TIMEOUT ${timeout} ${ARGN})
  set(sanitizer LSAN)
  if(RIVERLIGHT_SANITIZE MATCHES thread)
    set(sanitizer TSAN)
  endif()
  string(TOLOWER ${sanitizer} file)
  set(environment "${sanitizer}_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/${file}.supp:print_suppressions=0")
  if(RIVERLIGHT_SANITIZE AND prefix MATCHES "^unit/")
    foreach(part RANGE 1 4)
      math(EXPR index "${part} - 1")
      add_test(NAME ${prefix}.part${part} COMMAND ${target} "--gtest_filter=${filter}")
      set_tests_properties(${prefix}.part${part} PROPERTIES ${properties}
                           ENVIRONMENT "${environment};GTEST_TOTAL_SHARDS=4;GTEST_SHARD_INDEX=${index}")
    endforeach()
    return()
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${prefix}." TEST_FILTER "${filter}" DISCOVERY_TIMEOUT 120
                       PROPERTIES ${properties} ENVIRONMENT "${environment}")
endfunction()

# The same of suites, with their records in PostgreSQL.
function(riverlight_discover_on_postgresql target name label timeout)
  list(JOIN ARGN ".*:" suites)
  riverlight_discover_tests(${target} ${name}.postgresql ${label} ${timeout} "${suites}.*" FIXTURES_REQUIRED postgresql
                            ENVIRONMENT_MODIFICATION "RIVERLIGHT_TEST_CLUSTER=set:${PROJECT_BINARY_DIR}/tests/postgresql.txt")
endfunction()

# GoogleTest and the standard headers that tests use, compiled once for all test programs. Tests are compiled without
# optimisation, since half of a build's time goes into them; what they test keeps its own flags. Clang writes the headers'
# times into what it compiles, unless told not to: the compiler cache would find none of the tests in a new clone.
function(riverlight_test_headers)
  add_executable(rl_test_headers ${PROJECT_SOURCE_DIR}/tests/support/headers.cpp)  # a program: its code is position-independent like theirs
  target_link_libraries(rl_test_headers PRIVATE rl_warnings rl_test_flags GTest::gmock)
  target_compile_options(rl_test_headers PRIVATE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  target_precompile_headers(rl_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <chrono> <filesystem> <fstream>
                            <functional> <map> <memory> <optional> <set> <string> <string_view> <thread> <variant> <vector>)
endfunction()

# riverlight_test(unit/content_base SOURCES ... USES ...): a GoogleTest program, its cases known to ctest (riverlight_discover_tests)
# under the label of its first folder (unit, integration). `tools/test ROOM` finds it by the rooms that it uses.
# POSTGRESQL: suites of it that run a second time with their records in PostgreSQL (tests/CMakeLists.txt).
# LONG: what takes so long under the sanitizers that it has the label `long` there, for `tools/test --long`: GoogleTest's patterns.
# LONG_POSTGRESQL: suites whose second run has it: the stores above them are the same, and others cover what knows PostgreSQL.
function(riverlight_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;USES;LIBS;POSTGRESQL;LONG;LONG_POSTGRESQL" ${ARGN})
  string(REPLACE "/" "_" target "test_${name}")
  string(REGEX MATCH "^[a-z0-9]+" label "${name}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  if(RIVERLIGHT_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5") # these run several times slower, and beside the release tree's
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE rl_warnings rl_test_flags GTest::gmock GTest::gtest_main)
  if(RIVERLIGHT_TEST_HEADERS)
    target_precompile_headers(${target} REUSE_FROM rl_test_headers)
  endif()
  riverlight_link(${target} tests/${label} USES ${ARG_USES} LIBS ${ARG_LIBS})
  if(label STREQUAL "unit")
    add_dependencies(unit_tests ${target})
  endif()
  list(JOIN ARG_USES " " rooms)
  set_property(GLOBAL APPEND PROPERTY RIVERLIGHT_TEST_MAP "${target} ${name} ${rooms}")
  set(long "")
  if(RIVERLIGHT_SANITIZE AND ARG_LONG)
    list(JOIN ARG_LONG ":" long)
    riverlight_discover_tests(${target} ${name}.long long ${ARG_TIMEOUT} "${long}")
    set(long "-${long}")
  endif()
  riverlight_discover_tests(${target} ${name} ${label} ${ARG_TIMEOUT} "${long}")
  if(ARG_POSTGRESQL AND RIVERLIGHT_POSTGRESQL AND NOT RIVERLIGHT_SANITIZE MATCHES thread)
    set(suites ${ARG_POSTGRESQL})
    if(RIVERLIGHT_SANITIZE AND ARG_LONG_POSTGRESQL)
      list(REMOVE_ITEM suites ${ARG_LONG_POSTGRESQL})
      riverlight_discover_on_postgresql(${target} ${name}.long long ${ARG_TIMEOUT} ${ARG_LONG_POSTGRESQL})
    endif()
    riverlight_discover_on_postgresql(${target} ${name} ${label} ${ARG_TIMEOUT} ${suites})
  endif()
endfunction()

# BUILD/tests.txt: a line for each test program, `target name room room …`.
function(riverlight_write_test_map)
  get_property(lines GLOBAL PROPERTY RIVERLIGHT_TEST_MAP)
  list(JOIN lines "\n" text)
  file(WRITE ${PROJECT_BINARY_DIR}/tests.txt "${text}\n")
endfunction()
