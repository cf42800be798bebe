#pragma once

/* Shared libraries that are opened when they are needed, instead of at every start: libcurl, libpq, libgit2 and libcrypto bring
   thirty others with them, which cost more than most commands do. */

struct on_demand_function {
  const char *name;
  /* Where its address is kept; NULL until the library is open. */
  void **address;
};

/* Finds the addresses. NULL, or what is missing, in the loader's words. */
const char *on_demand_open(const char *library, const struct on_demand_function functions[], int count);

/* Ends the process where the library is missing, after saying so. */
void on_demand_need(const char *library, const struct on_demand_function functions[], int count);

/* Defines `open`, and each of the functions by its own name: a jump to the library's, which is opened at the first call of any.
   `FUNCTIONS(X, open)` is `X(open, name)` for each. Types do not matter: nothing is touched but the registers of the jump. */
#define ON_DEMAND(open, library, FUNCTIONS)                                                                            \
  FUNCTIONS(ON_DEMAND_ADDRESS, open)                                                                                         \
  static const struct on_demand_function open##_functions[] = {FUNCTIONS(ON_DEMAND_ROW, open)};                             \
  enum { open##_count = sizeof open##_functions / sizeof *open##_functions };                                          \
  const char *open(void) { return on_demand_open(library, open##_functions, open##_count); }                          \
  __attribute__((used)) static void open##_need(void) {                                                                \
    on_demand_need(library, open##_functions, open##_count);                                                          \
  }                                                                                                                    \
  __asm__(".text\n.p2align 4\n" #open "_saving:\n" ON_DEMAND_SAVING(#open "_need"));                                  \
  FUNCTIONS(ON_DEMAND_JUMP, open)

#define ON_DEMAND_ADDRESS(open, name) __attribute__((used)) static void *name##_address;
#define ON_DEMAND_ROW(open, name) {#name, &name##_address},
/* Hidden: the library's own calls of the function must not come here. */
#define ON_DEMAND_JUMP(open, name)                                                                                     \
  __asm__(".text\n.p2align 4\n.globl " #name "\n.hidden " #name "\n.type " #name ", @function\n" #name ":\n"           \
          ON_DEMAND_THROUGH(#name "_address", #open "_saving") ".size " #name ", .-" #name "\n");

#if defined(__x86_64__)
/* Integer arguments, the count of the others that a variadic function is given, and a word more, so that the stack is aligned. */
#define ON_DEMAND_SAVING(need)                                                                                         \
  "push %rdi\npush %rsi\npush %rdx\npush %rcx\npush %r8\npush %r9\npush %rax\nsub $8, %rsp\n"                           \
  "call " need "\n"                                                                                                    \
  "add $8, %rsp\npop %rax\npop %r9\npop %r8\npop %rcx\npop %rdx\npop %rsi\npop %rdi\nret\n"
#define ON_DEMAND_THROUGH(address, saving)                                                                             \
  "cmpq $0, " address "(%rip)\njne 1f\ncall " saving "\n1: jmp *" address "(%rip)\n"
#elif defined(__aarch64__)
#define ON_DEMAND_SAVING(need)                                                                                         \
  "stp x29, x30, [sp, #-96]!\nmov x29, sp\nstp x0, x1, [sp, #16]\nstp x2, x3, [sp, #32]\nstp x4, x5, [sp, #48]\n"       \
  "stp x6, x7, [sp, #64]\nstr x8, [sp, #80]\n"                                                                        \
  "bl " need "\n"                                                                                                      \
  "ldp x0, x1, [sp, #16]\nldp x2, x3, [sp, #32]\nldp x4, x5, [sp, #48]\nldp x6, x7, [sp, #64]\nldr x8, [sp, #80]\n"     \
  "ldp x29, x30, [sp], #96\nret\n"
#define ON_DEMAND_THROUGH(address, saving)                                                                             \
  "adrp x16, " address "\nldr x16, [x16, :lo12:" address "]\ncbnz x16, 1f\n"                                           \
  "stp x29, x30, [sp, #-16]!\nbl " saving "\nldp x29, x30, [sp], #16\n"                                               \
  "adrp x16, " address "\nldr x16, [x16, :lo12:" address "]\n1: br x16\n"
#else
#error "Mooring is built for x86-64 and arm64: another processor wants its own way to jump to a function that was looked up"
#endif
