/* SPDX-License-Identifier: MIT
 *
 * In the kernel: who used a socket last, and which processes were told of.
 *
 * Two tables of fixed size that forget.  What is forgotten is told once more,
 * so they need be neither exact nor locked: sets of four places, and whatever
 * two processors do to one place at once, no reading takes half of one entry
 * and half of another for true.  That costs a tenth of the kernel's own
 * tables.
 */
#ifndef PROCMAP_BPF_USERS_H
#define PROCMAP_BPF_USERS_H

enum { WAYS = 4, USER_SETS = 16384, TOLD_SETS = 2048 };

struct user {
	uint64_t start;		/* of the process */
	uint64_t since;		/* ns since boot */
	uint32_t tgid;
	uint16_t lport;		/* as it was */
	uint16_t ends;		/* what is left of the addresses and the
				 * remote port */
};

struct user_place {
	uint64_t check;		/* the socket, ^ every word of the rest */
	uint64_t words[3];	/* struct user */
};

struct user_set {
	struct user_place place[WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, USER_SETS);
	__type(key, uint32_t);
	__type(value, struct user_set);
} users SEC(".maps");

static __always_inline struct user_set *
user_set(uint64_t socket)
{
	uint32_t set = (uint32_t)((socket >> 6) * 0x9e3779b97f4a7c15U >> 50);
	return bpf_map_lookup_elem(&users, &set);
}

/* Who used it last; false when that is not known. */
static __always_inline bool
user_find(uint64_t socket, struct user *u)
{
	struct user_set *set = user_set(socket);
	uint64_t *to = (uint64_t *)u;
	if (set == 0)
		return 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < WAYS; i++) {
		volatile struct user_place *p = &set->place[i];
		uint64_t check = p->check;
		to[0] = p->words[0];
		to[1] = p->words[1];
		to[2] = p->words[2];
		if ((check ^ to[0] ^ to[1] ^ to[2]) == socket)
			return 1;
	}
	return 0;
}

/* In its own place, or else in that of whoever has been there longest. */
static __always_inline void
user_note(uint64_t socket, const struct user *u)
{
	struct user_set *set = user_set(socket);
	const uint64_t *from = (const uint64_t *)u;
	uint64_t oldest = ~0ULL;
	uint32_t to = 0;
	if (set == 0)
		return;
#pragma clang loop unroll(full)
	for (int i = 0; i < WAYS; i++) {
		volatile struct user_place *p = &set->place[i];
		uint64_t since = p->words[1];
		if ((p->check ^ p->words[0] ^ since ^ p->words[2]) == socket) {
			oldest = 0;
			to = i;
		} else if (since < oldest) {
			oldest = since;
			to = i;
		}
	}
	volatile struct user_place *p = &set->place[to & (WAYS - 1)];
	p->check = socket ^ from[0] ^ from[1] ^ from[2];
	p->words[0] = from[0];
	p->words[1] = from[1];
	p->words[2] = from[2];
}

/* A new socket may live where an old one was. */
static __always_inline void
user_forget(uint64_t socket)
{
	struct user_set *set = user_set(socket);
	if (set == 0)
		return;
#pragma clang loop unroll(full)
	for (int i = 0; i < WAYS; i++) {
		volatile struct user_place *p = &set->place[i];
		if ((p->check ^ p->words[0] ^ p->words[1] ^ p->words[2]) ==
		    socket) {
			p->words[1] = 0;
			p->check = 0;
		}
	}
}

/* Processes that were told of: which program they ran then, and for whom. */
struct told_place {
	uint64_t start, mm;
	uint32_t tgid, uid;
};

struct told_set {
	struct told_place place[WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TOLD_SETS);
	__type(key, uint32_t);
	__type(value, struct told_set);
} told SEC(".maps");

enum told { TOLD_NEVER, TOLD_OTHER, TOLD_SAME };

/* Was this process told of, with this program and user? */
static __always_inline enum told
told_find(uint32_t tgid, uint64_t start, uint64_t mm, uint32_t uid)
{
	uint32_t key = tgid & (TOLD_SETS - 1);
	struct told_set *set = bpf_map_lookup_elem(&told, &key);
	if (set == 0)
		return TOLD_NEVER;
#pragma clang loop unroll(full)
	for (int i = 0; i < WAYS; i++) {
		const struct told_place *p = &set->place[i];
		if (p->tgid == tgid && p->start == start)
			return p->mm == mm && p->uid == uid ? TOLD_SAME :
			    TOLD_OTHER;
	}
	return TOLD_NEVER;
}

/* In its own place, or else in anyone's. */
static __always_inline void
told_note(uint32_t tgid, uint64_t start, uint64_t mm, uint32_t uid)
{
	uint32_t key = tgid & (TOLD_SETS - 1);
	uint32_t to = (uint32_t)(tgid / TOLD_SETS);
	struct told_set *set = bpf_map_lookup_elem(&told, &key);
	if (set == 0)
		return;
#pragma clang loop unroll(full)
	for (int i = 0; i < WAYS; i++) {
		const struct told_place *p = &set->place[i];
		if (p->tgid == 0 || (p->tgid == tgid && p->start == start))
			to = i;
	}
	struct told_place *p = &set->place[to & (WAYS - 1)];
	p->start = start;
	p->mm = mm;
	p->tgid = tgid;
	p->uid = uid;
}

#endif
