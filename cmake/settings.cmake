# One target, leerspoor_settings, carries the warnings and sanitizers that every target of the tree is built with.
add_library(leerspoor_settings INTERFACE)
target_include_directories(leerspoor_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(leerspoor_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wunused -Woverloaded-virtual
  -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside Boost and the standard library when it inlines across them (GCC bugs 105329, 107532).
  target_compile_options(leerspoor_settings INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread)
endif()

if(LEERSPOOR_SANITIZE)
  target_compile_options(leerspoor_settings INTERFACE
    -fsanitize=${LEERSPOOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(leerspoor_settings INTERFACE -fsanitize=${LEERSPOOR_SANITIZE})
  if(LEERSPOOR_SANITIZE MATCHES thread)
    # GCC's ThreadSanitizer does not know atomic_thread_fence, and says so as an error.
    target_compile_definitions(leerspoor_settings INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers carry their build time; ccache has to be told that this is no reason to miss.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  target_compile_options(leerspoor_settings INTERFACE -fpch-preprocess)
endif()
