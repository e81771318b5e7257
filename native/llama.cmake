# Stage llama: llama.cpp, and with DRAMATIS_GGML=source ggml, into static libraries. What is built is
# cached under a hash of this file, so it stands apart from what changes daily.
file(GLOB llama_sources ${DRAMATIS_LLAMA_SOURCE}/src/*.cpp ${DRAMATIS_LLAMA_SOURCE}/src/models/*.cpp)
set(LLAMA_BUILD_COMMIT bundle)
set(LLAMA_VERSION bundle)
set(LLAMA_VERSION_BASE 0.0.0)
configure_file(${DRAMATIS_LLAMA_SOURCE}/src/llama-version.h.in ${CMAKE_CURRENT_BINARY_DIR}/llama-version.h @ONLY)
if(DRAMATIS_GGML STREQUAL "source")
  set(BUILD_SHARED_LIBS OFF)
  set(GGML_OPENMP OFF CACHE BOOL "our threads are the only ones")
  set(GGML_CCACHE OFF CACHE BOOL "")
  add_subdirectory(${DRAMATIS_LLAMA_SOURCE}/ggml ggml)
else()
  # The registry and the loader of modules belong to the program, not to libggml-base.
  list(APPEND llama_sources ${DRAMATIS_LLAMA_SOURCE}/ggml/src/ggml-backend-reg.cpp
    ${DRAMATIS_LLAMA_SOURCE}/ggml/src/ggml-backend-dl.cpp)
endif()
# llama.cpp's converter of JSON Schema to grammars; what it needs of common.cpp is in native/core/grammar.
foreach(name json-schema-to-grammar json-schema json trie unicode)
  list(APPEND llama_sources ${DRAMATIS_LLAMA_SOURCE}/common/${name}.cpp)
endforeach()
add_library(llama STATIC ${llama_sources})
set_target_properties(llama PROPERTIES CXX_VISIBILITY_PRESET hidden)
dramatis_llama_includes(llama)
target_include_directories(llama PRIVATE ${CMAKE_CURRENT_BINARY_DIR} ${DRAMATIS_LLAMA_SOURCE}/ggml/src
  ${DRAMATIS_LLAMA_SOURCE}/common ${DRAMATIS_LLAMA_SOURCE}/vendor)
if(DRAMATIS_GGML STREQUAL "source")
  target_link_libraries(llama PUBLIC ggml)
else()
  target_compile_definitions(llama PRIVATE GGML_BACKEND_DL GGML_BACKEND_SHARED GGML_SHARED)
endif()
