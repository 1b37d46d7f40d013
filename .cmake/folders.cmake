# One target per folder, and a target sees only the folders it links.
#
# All includes are written from the root ("storage/outbox.hpp"). If the root itself were on the include path, every
# folder could reach every other one. So each folder's headers are linked one by one into an include directory of
# its own in the build tree, and that directory travels with the target: what is not linked cannot be included.

function(fieldlink_expose_headers target scope)
    set(root ${CMAKE_BINARY_DIR}/include/${target})
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    file(MAKE_DIRECTORY ${root}/${folder})
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
    if(ARGN)
        set(headers ${ARGN})
        list(TRANSFORM headers PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    endif()
    foreach(header ${headers})
        cmake_path(GET header FILENAME name)
        file(CREATE_LINK ${header} ${root}/${folder}/${name} SYMBOLIC)
    endforeach()
    target_include_directories(${target} ${scope} ${root})
endfunction()

# fieldlink_folder(TARGET SOURCES a.cpp … [LINK public libraries …] [PRIVATE_LINK …] [HEADERS only these …])
function(fieldlink_folder target)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK;HEADERS" ${ARGN})
    add_library(${target} STATIC ${arg_SOURCES})
    fieldlink_expose_headers(${target} PUBLIC ${arg_HEADERS})
    target_link_libraries(${target} PUBLIC ${arg_LINK} PRIVATE fieldlink_options ${arg_PRIVATE_LINK})
endfunction()

# fieldlink_test(NAME SOURCES … LINK …): one GoogleTest binary, each TEST a ctest case.
function(fieldlink_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE fieldlink_options ${arg_LINK} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
endfunction()
