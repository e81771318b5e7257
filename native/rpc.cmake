# Stage rpc: llama.cpp's RPC back-end as a module beside the prebuilt ones, which ggml finds by its name. Loading it opens
# no socket. Without RDMA: the network of a laptop or of a cluster by TCP alone.
find_library(ggml_base ggml-base PATHS ${DRAMATIS_GGML_LIBS} NO_DEFAULT_PATH REQUIRED)
add_library(ggml-rpc MODULE ${DRAMATIS_RPC_SOURCE}/ggml-rpc.cpp ${DRAMATIS_RPC_SOURCE}/transport.cpp)
target_include_directories(ggml-rpc SYSTEM PRIVATE
  ${DRAMATIS_LLAMA_SOURCE}/ggml/include ${DRAMATIS_LLAMA_SOURCE}/ggml/src)
target_compile_definitions(ggml-rpc PRIVATE GGML_BACKEND_DL GGML_BACKEND_BUILD GGML_BACKEND_SHARED GGML_SHARED)
target_link_libraries(ggml-rpc PRIVATE ${ggml_base} Threads::Threads)
dramatis_own_libstdcxx(ggml-rpc)
# As the others of the prebuilt back-ends are named, on macOS too; and nobody's functions but the entry are seen.
set_target_properties(ggml-rpc PROPERTIES CXX_VISIBILITY_PRESET hidden
  BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN")
if(APPLE)
  set_target_properties(ggml-rpc PROPERTIES INSTALL_RPATH "@loader_path")
endif()
