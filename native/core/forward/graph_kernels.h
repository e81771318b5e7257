#pragma once

namespace dramatis::forward {

// From now on the graphs of this process are built with the kernels of this folder, where there are
// any for this CPU. Called before the first context is made.
void UseInGraphs();

}  // namespace dramatis::forward
