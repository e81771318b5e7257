#pragma once

namespace dramatis {

// ln(Σ exp(values)) in double. A row of logits has 49,000 to 262,000 values and scoring a text
// reads one row a token, so that the exponentials of the C library would cost as much as some
// layers. Relative error of an exponential below 2e-7, of the sum less.
double LogSumExp(const float* values, int n);

}  // namespace dramatis
