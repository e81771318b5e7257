#pragma once

#include <cstdio>
#include <cstdlib>

// The whole test framework: a failed expectation says where and ends the program.
#define EXPECT(condition)                                                                \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: expected %s in %s\n", __FILE__, __LINE__, #condition, \
                   __func__);                                                            \
      std::exit(1);                                                                      \
    }                                                                                    \
  } while (false)

#define RUN(test)                  \
  do {                             \
    test();                        \
    std::printf("ok %s\n", #test); \
  } while (false)
