#pragma once

#include <napi.h>

namespace dramatis {

Napi::Value LoadBackends(const Napi::CallbackInfo& info);  // load(folder, gpuModules)
Napi::Value TryModule(const Napi::CallbackInfo& info);     // tryModule(path)
Napi::Value Devices(const Napi::CallbackInfo& info);       // devices()
Napi::Value Features(const Napi::CallbackInfo& info);      // features()
void SetThreads(const Napi::CallbackInfo& info);           // setThreads(most, adapt)
Napi::Value Threads(const Napi::CallbackInfo& info);       // threads()
// comparedKernels()
Napi::Value ComparedKernels(const Napi::CallbackInfo& info);
// chooseKernels(products, attention)
void ChooseKernels(const Napi::CallbackInfo& info);
// measureProduct(type, depth, rows)
Napi::Value MeasureProduct(const Napi::CallbackInfo& info);
// measureAttention(heads, kvHeads, width)
Napi::Value MeasureAttention(const Napi::CallbackInfo& info);

}  // namespace dramatis
