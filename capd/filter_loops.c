/* SPDX-License-Identifier: MIT
 *
 * Unrolling loops of classic BPF.
 */
#include "capd/filter_loops.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/xalloc.h"

/* The kernel's bound on a program, BPF_MAXINSNS; and of headers in a chain,
 * which RFC 8200 has no bound for, but others put at about eight. */
enum { KERNEL_MOST = 4096, FEWEST = 8, MOST = 32 };

/* Only "always" can: other jumps have eight bits, without a sign. */
static bool
jumps_back(const struct bpf_insn *i)
{
	return i->code == (BPF_JMP | BPF_JA) && (int32_t)i->k < 0;
}

static bool
has_loops(const struct bpf_program *code)
{
	for (unsigned i = 0; i < code->bf_len; i++)
		if (jumps_back(&code->bf_insns[i]))
			return true;
	return false;
}

void
filter_unroll(struct bpf_program *code)
{
	if (!has_loops(code))
		return;
	unsigned len = code->bf_len, copies = KERNEL_MOST / len;
	copies = copies < FEWEST ? FEWEST : copies > MOST ? MOST : copies;
	struct bpf_insn *all = xcalloc((size_t)copies * len, sizeof(*all));
	for (unsigned n = 0; n < copies; n++)
		for (unsigned i = 0; i < len; i++) {
			struct bpf_insn *to = &all[n * len + i];
			*to = code->bf_insns[i];
			if (!jumps_back(to))
				continue;
			if (n + 1 < copies)
				to->k += len;
			else
				*to = (struct bpf_insn){ BPF_RET | BPF_K,
				    0, 0, 0 };
		}
	free(code->bf_insns);
	code->bf_insns = all;
	code->bf_len = copies * len;
}
