# When the source was made, in Unix seconds: the same for every build of it, so that builds are reproducible.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(FIELDLINK_BUILD_TIME $ENV{SOURCE_DATE_EPOCH})
else()
    execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        OUTPUT_VARIABLE FIELDLINK_BUILD_TIME OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT FIELDLINK_BUILD_TIME MATCHES "^[0-9]+$")
    string(TIMESTAMP FIELDLINK_BUILD_TIME "%s" UTC)
endif()
