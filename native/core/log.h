#pragma once

#include <string>

namespace dramatis {

// Takes llama.cpp's and ggml's log off stderr and keeps the last error of each thread.
void CatchLog();

// The last error logged on this thread since the last call, without its newline; empty if there was
// none.
std::string TakeLoggedError();

}  // namespace dramatis
