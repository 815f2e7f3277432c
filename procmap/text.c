/* SPDX-License-Identifier: MIT
 *
 * Hostile texts: process names and the files of /proc.
 */
#include "procmap/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/utf8.h"

/* Controls, and characters that reorder or hide what stands around them. */
static bool
is_harmful(uint32_t c)
{
	return utf8_is_control(c) || c == 0xad ||
	    c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	    c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	    (c >= 0xe0000 && c <= 0xe0fff);
}

void
text_clean(char *to, size_t size, const char *from, size_t len)
{
	utf8_clean(to, size, from, len, is_harmful);
}

static int
digits(const char *at, size_t left, unsigned base, size_t most, size_t *used)
{
	int value = 0;
	for (*used = 0; *used < most && *used < left; (*used)++) {
		char c = (char)tolower((unsigned char)at[*used]);
		int digit = isdigit((unsigned char)c) ? c - '0' :
		    c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
		if (digit >= (int)base)
			break;
		value = value * (int)base + digit;
	}
	return value & 0xff;
}

size_t
text_unescape(char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\\' || i + 1 >= len) {
			text[n++] = text[i];
			continue;
		}
		static const char from[] = "abfnrtv\\", to[] = "\a\b\f\n\r\t\v\\";
		const char *at = text[i + 1] == '\0' ? NULL :
		    strchr(from, text[i + 1]);
		size_t used = 0;
		int value;
		if (at != NULL) {
			text[n++] = to[at - from];
			i++;
		} else if (text[i + 1] == 'x' && (value = digits(text + i + 2,
		    len - i - 2, 16, 2, &used)) >= 0 && used == 2) {
			text[n++] = (char)value;
			i += 3;
		} else if ((value = digits(text + i + 1, len - i - 1, 8, 3,
		    &used)) >= 0 && used == 3) {
			text[n++] = (char)value;
			i += 3;
		} else {
			text[n++] = text[i];
		}
	}
	return n;
}

/* The next number behind blanks; *at stays within `end`. */
static uint64_t
number(const char **at, const char *end)
{
	uint64_t value = 0;
	while (*at < end && (**at == ' ' || **at == '\t'))
		(*at)++;
	for (; *at < end && isdigit((unsigned char)**at); (*at)++)
		value = value * 10 + (uint64_t)(**at - '0');
	return value;
}

static void
skip_word(const char **at, const char *end)
{
	while (*at < end && **at == ' ')
		(*at)++;
	while (*at < end && **at != ' ')
		(*at)++;
}

bool
text_stat(const char *text, size_t len, struct stat_text *s)
{
	const char *end = text + len, *at = text;
	const char *open = memchr(text, '(', len);
	const char *close = memrchr(text, ')', len);
	if (open == NULL || close == NULL || close <= open)
		return false;
	*s = (struct stat_text){ .pid = (uint32_t)number(&at, open) };
	text_clean(s->comm, sizeof(s->comm), open + 1,
	    (size_t)(close - open - 1));
	at = close + 1;
	skip_word(&at, end);			/* 3: state */
	s->ppid = (uint32_t)number(&at, end);	/* 4 */
	for (int field = 5; field <= 8; field++)
		skip_word(&at, end);
	s->flags = number(&at, end);		/* 9 */
	for (int field = 10; field <= 21; field++)
		skip_word(&at, end);
	s->start = number(&at, end);		/* 22 */
	return s->pid != 0 && s->start != 0;
}

/* The line that starts with `start`, behind it; null when there is none. */
static const char *
line_after(const char *text, size_t len, const char *start, size_t *rest)
{
	size_t n = strlen(start);
	const char *end = text + len;
	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		if ((size_t)(stop - at) >= n && memcmp(at, start, n) == 0) {
			*rest = (size_t)(stop - at) - n;
			return at + n;
		}
		at = stop + 1;
	}
	return NULL;
}

int64_t
text_status_uid(const char *text, size_t len)
{
	size_t rest;
	const char *at = line_after(text, len, "Uid:", &rest);
	if (at == NULL)
		return -1;
	const char *end = at + rest;
	number(&at, end);			/* the real one */
	uint64_t uid = number(&at, end);
	return uid <= UINT32_MAX ? (int64_t)uid : -1;
}

static size_t
take_path(const char *at, size_t len, char *path, size_t size)
{
	text_clean(path, size, at, len);
	return strlen(path);
}

/* "4:cpu,cpuacct:/path": a hierarchy's path, where it is not the root's, and
 * the hierarchy is systemd's own, or any will do. */
static bool
hierarchy_path(const char *at, size_t len, bool any, const char **path,
    size_t *path_len)
{
	static const char systemd[] = ":name=systemd:";
	size_t n = sizeof(systemd) - 1;
	const char *end = at + len;
	const char *controllers = memchr(at, ':', len);
	const char *colon = controllers == NULL ? NULL :
	    memchr(controllers + 1, ':', (size_t)(end - controllers - 1));
	if (colon == NULL || end - colon <= 2)
		return false;
	*path = colon + 1;
	*path_len = (size_t)(end - colon - 1);
	return any || ((size_t)(end - controllers) > n &&
	    memcmp(controllers, systemd, n) == 0);
}

enum hierarchy { OF_V2, OF_SYSTEMD, OF_ANY, HIERARCHIES };

static size_t
path_in(enum hierarchy which, const char *text, size_t len, char *path,
    size_t size)
{
	const char *end = text + len, *found;
	size_t rest;
	const char *at = line_after(text, len, "0::", &rest);
	path[0] = '\0';
	if (which == OF_V2)
		return at != NULL && rest > 1 ?
		    take_path(at, rest, path, size) : 0;
	for (at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		if (hierarchy_path(at, (size_t)(stop - at), which == OF_ANY,
		    &found, &rest))
			return take_path(found, rest, path, size);
		at = stop + 1;
	}
	return 0;
}

size_t
text_cgroup_path(const char *text, size_t len, char *path, size_t size)
{
	size_t n = 0;
	for (int which = 0; which < HIERARCHIES && n == 0; which++)
		n = path_in((enum hierarchy)which, text, len, path, size);
	return n;
}

bool
text_has_cgroups_v1(const char *text, size_t len)
{
	return len > 0 && (memcmp(text, "0::", len < 3 ? len : 3) != 0 ||
	    memchr(text, '\n', len - 1) != NULL);
}

void
text_cgroup(const char *text, size_t len, char unit[PROC_UNIT],
    char container[PROC_UNIT])
{
	char path[PROC_EXE], inner[PROC_UNIT];
	unit[0] = container[0] = '\0';
	for (int which = 0; which < HIERARCHIES && container[0] == '\0';
	    which++) {
		if (path_in((enum hierarchy)which, text, len, path,
		    sizeof(path)) == 0)
			continue;
		text_cgroup_unit(path, inner, container);
		if (unit[0] == '\0' || container[0] != '\0')
			memcpy(unit, inner, PROC_UNIT);
	}
}

static bool
find_hex64(const char *part, size_t len, char container[PROC_UNIT])
{
	size_t run = 0;
	for (size_t i = 0; i < len; i++) {
		run = isxdigit((unsigned char)part[i]) ? run + 1 : 0;
		if (run == 64 && (i + 1 == len ||
		    !isxdigit((unsigned char)part[i + 1]))) {
			memcpy(container, part + i - 63, 64);
			container[64] = '\0';
			return true;
		}
	}
	return false;
}

static bool
between(const char *part, size_t len, const char *before, const char *after,
    char *out)
{
	size_t b = strlen(before), a = strlen(after);
	if (len <= b + a || memcmp(part, before, b) != 0 ||
	    memcmp(part + len - a, after, a) != 0 || len - a - b >= PROC_UNIT)
		return false;
	memcpy(out, part + b, len - b - a);
	out[len - b - a] = '\0';
	return true;
}

/* A machine's name with systemd's escapes undone: "my\x2dbox".  Started by
 * machinectl(1) it is in the service that runs it. */
static bool
find_machine(const char *part, size_t len, char container[PROC_UNIT])
{
	char name[PROC_UNIT];
	if (!between(part, len, "machine-", ".scope", name) &&
	    !between(part, len, "systemd-nspawn@", ".service", name))
		return false;
	text_clean(container, PROC_UNIT, name, text_unescape(name,
	    strlen(name)));
	return true;
}

void
text_cgroup_unit(const char *path, char unit[PROC_UNIT],
    char container[PROC_UNIT])
{
	const char *end = path + strlen(path);
	unit[0] = container[0] = '\0';
	while (end > path) {		/* from the innermost outwards */
		const char *slash = memrchr(path, '/', (size_t)(end - path));
		const char *part = slash != NULL ? slash + 1 : path;
		size_t len = (size_t)(end - part);
		char full[PROC_UNIT];
		if (find_hex64(part, len, container) ||
		    between(part, len, "lxc.payload.", "", container) ||
		    find_machine(part, len, container))
			break;
		if (unit[0] == '\0' && (between(part, len, "", ".service", full) ||
		    between(part, len, "", ".scope", full))) {
			memcpy(unit, part, len < PROC_UNIT ? len : 0);
			unit[len < PROC_UNIT ? len : 0] = '\0';
		}
		end = slash != NULL ? slash : path;
	}
}

/* The kernel cuts names at 15 bytes, which may be within a character: of that
 * '?' is left, for each byte. */
static bool
is_cut(const char *comm, size_t len, const char *whole)
{
	enum { CUT = 15, OF_ONE = 3 };	/* bytes */
	size_t kept = len;
	if (len != CUT)
		return false;
	if (strncmp(whole, comm, len) == 0)
		return true;
	while (len - kept < OF_ONE && comm[kept - 1] == '?')
		kept--;
	return kept < len && strncmp(whole, comm, kept) == 0 &&
	    ((unsigned char)whole[kept] & 0x80) != 0;
}

void
text_name(char name[PROC_NAME], const char *comm, const char *exe)
{
	static const char *const generic[] = { "exe", "MainThread", "main",
		"Main", "" };
	const char *slash = strrchr(exe, '/');
	const char *base = slash != NULL ? slash + 1 : exe;
	size_t len = strlen(comm);
	bool use_base = is_cut(comm, len, base);
	for (size_t i = 0; i < sizeof(generic) / sizeof(generic[0]); i++)
		use_base = use_base || strcmp(comm, generic[i]) == 0;
	if (use_base && base[0] != '\0')
		text_clean(name, PROC_NAME, base, strlen(base));
	else
		text_clean(name, PROC_NAME, comm, len);
}

void
text_exe(char exe[PROC_EXE], const char *target, size_t len)
{
	static const char deleted[] = " (deleted)";
	size_t n = sizeof(deleted) - 1;
	if (len > n && memcmp(target + len - n, deleted, n) == 0)
		len -= n;
	exe[0] = '\0';
	if (len < PROC_EXE)
		text_clean(exe, PROC_EXE, target, len);
}

/* In fib_trie an address line "|-- 192.0.2.1" is followed by lines such as
 * "/32 host LOCAL"; only local ones are ours. */
void
text_fib_trie(const char *text, size_t len,
    void (*found)(void *, const uint8_t bytes[16]), void *state)
{
	const char *end = text + len;
	struct addr a = { 0 };
	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		size_t n = (size_t)(stop - at);
		const char *mark = memmem(at, n, "|-- ", 4);
		char word[ADDR_TEXT];
		uint8_t bytes[16];
		if (mark != NULL) {
			snprintf(word, sizeof(word), "%.*s",
			    (int)(stop - mark - 4), mark + 4);
			if (!addr_parse(word, &a))
				a.family = ADDR_NONE;
		} else if (a.family == ADDR_IPV4 &&
		    memmem(at, n, "/32 host LOCAL", 14) != NULL) {
			addr_to_mapped(&a, bytes);
			found(state, bytes);
		}
		at = stop + 1;
	}
}

void
text_if_inet6(const char *text, size_t len,
    void (*found)(void *, const uint8_t bytes[16]), void *state)
{
	const char *end = text + len;
	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		uint8_t bytes[16];
		size_t used = 0, i = 0;
		for (; i < 16 && stop - at >= 32; i++) {
			bytes[i] = (uint8_t)digits(at + 2 * i, 2, 16, 2,
			    &used);
			if (used != 2)
				break;
		}
		if (i == 16)
			found(state, bytes);
		at = stop + 1;
	}
}
