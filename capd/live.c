/* SPDX-License-Identifier: MIT
 *
 * Live capture: what is asked for is checked and opened, privilege given
 * up, and the keeper started.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capd/capd.h"
#include "capd/fifo.h"
#include "capd/keeper.h"
#include "capd/privilege.h"
#include "lib/io.h"
#include "lib/xalloc.h"

static int signal_pipe[2];

static void
on_signal(int number)
{
	int saved = errno;
	(void)number;
	(void)!write(signal_pipe[1], "", 1);
	errno = saved;
}

/* SIGINT, SIGTERM and SIGHUP make a descriptor readable; SIGHUP not under
 * nohup(1). */
static int
catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal };
	if (pipe(signal_pipe) == -1)
		err(EXIT_FAILURE, "pipe");
	fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	io_catch(SIGHUP, on_signal);
	return signal_pipe[0];
}

static void
add_name(struct settings *s, const struct ifaces *all, const char *name)
{
	if (strcmp(name, IFACES_ANY) != 0 && ifaces_find(all, name) == NULL)
		errx(EXIT_FAILURE, "no interface is named %s; there are: %s",
		    name, ifaces_names(all));
	strcpy(s->names[s->count++], name);
}

static void
choose_interfaces(struct settings *s, const struct ifaces *all,
    const struct capd *c)
{
	for (unsigned i = 0; i < c->interface_count; i++)
		add_name(s, all, c->interfaces[i]);
	if (s->count > 0)
		return;
	const struct iface *i = ifaces_default(all);
	if (i == NULL)
		errx(EXIT_FAILURE, "no interface is up; name one with -i: %s",
		    ifaces_names(all));
	add_name(s, all, i->name);
}

int
capd_live(const struct capd *c)
{
	struct keeper *k = xcalloc(1, sizeof(*k));
	const char *what;
	k->capd = c;
	if (!ifaces_read(&k->ifaces))
		err(EXIT_FAILURE, "cannot list the interfaces");
	choose_interfaces(&k->settings, &k->ifaces, c);
	k->settings.filter = xstrdup(c->filter != NULL ? c->filter : "");
	k->settings.promiscuous = c->promiscuous;
	k->settings.snaplen = c->snaplen;
	k->shared = mmap(NULL, sizeof(*k->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (k->shared == MAP_FAILED)
		err(EXIT_FAILURE, "shared memory");
	if (!fifo_open(&k->control, c->control))
		exit(EXIT_FAILURE);
	k->ring = (struct ring){ .path = c->write, .files = c->rotate_files,
		.rotates = c->rotate_bytes != 0, .fd = -1 };
	k->file_due = c->write != NULL;
	io_widen_pipe(STDOUT_FILENO, IO_PIPE_RECORDS);
	io_unshare_pipe(STDOUT_FILENO);
	k->signals = catch_signals();
	/* With -w the file has to be opened first, which the keeper does. */
	if (!k->file_due && !privilege_keep_capture(false, &what))
		err(EXIT_FAILURE, "cannot %s", what);
	return keeper_run(k);
}
