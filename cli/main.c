#include <stdio.h>

int main(void) {
  puts("zcz 0.1.0");
  return 0;
}
