# What every target of ours is compiled with. Each flag has its reason beside it.
add_library(fieldlink_options INTERFACE)

set(cxx_only
    -Wnon-virtual-dtor -Woverloaded-virtual # interfaces are implemented by the product and by tests alike
    -Wold-style-cast)                       # a cast must say what it does (C has no other)
target_compile_options(fieldlink_options INTERFACE
    -Wall -Wextra                           # the usual mistakes
    -Wpedantic                              # GCC and clang must agree on what we write
    -Wshadow                                # a shadowed name is read as the other one
    -Wconversion -Wsign-conversion          # lengths and register values: a silent narrowing is wrong data
    -Wcast-qual                             # what a plugin hands over as const stays const
    -Wformat=2                              # log texts are format strings nowhere
    -Wimplicit-fallthrough                  # state handling
    -Wundef                                 # a typo in #if is not "false"
    "$<$<COMPILE_LANGUAGE:CXX>:${cxx_only}>")

if(FIELDLINK_WERROR)
    # In CI and the presets only: a new compiler's new warning must not break somebody's build of a release.
    target_compile_options(fieldlink_options INTERFACE -Werror)
endif()

if(FIELDLINK_SANITIZE)
    # Frame pointers make the sanitizers' stacks readable; no recovery, so that a finding fails the test.
    set(sanitize -fsanitize=${FIELDLINK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_compile_options(fieldlink_options INTERFACE ${sanitize})
    target_link_options(fieldlink_options INTERFACE ${sanitize})
else()
    # Hardening that the sanitizers replace or that disturbs them.
    target_compile_options(fieldlink_options INTERFACE
        -fstack-protector-strong
        $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
    target_link_options(fieldlink_options INTERFACE -Wl,-z,relro,-z,now)
endif()

if(FIELDLINK_COVERAGE)
    target_compile_options(fieldlink_options INTERFACE --coverage -O0)
    target_link_options(fieldlink_options INTERFACE --coverage)
endif()
