/* SPDX-License-Identifier: MIT
 *
 * Opening a capture file and all that goes with it, a first look into it,
 * and giving up what reading does not take.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capd/fifo.h"
#include "capd/file.h"
#include "capd/privilege.h"
#include "capd/ring.h"
#include "capd/sandbox.h"
#include "lib/io.h"

bool
file_open(struct file *s, const struct capd *c)
{
	struct stat st;
	*s = (struct file){ .c = c, .name = c->file, .control.fd = -1,
		.copy.fd = -1, .status = EXIT_SUCCESS };
	if (strcmp(c->file, "-") == 0) {
		s->name = "standard input";
		s->fd = STDIN_FILENO;
	} else {
		s->fd = open(c->file, O_RDONLY | O_CLOEXEC);
	}
	if (s->fd == -1 || fstat(s->fd, &st) == -1) {
		warn("%s", s->name);
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		warn("%s", s->name);
		return false;
	}
	s->waits = !S_ISREG(st.st_mode);
	s->in = pcapfile_new(s->fd);
	s->filter = filter_new(c->filter);
	return true;
}

void
file_close(struct file *s)
{
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	if (s->copy.fd != -1)
		close(s->copy.fd);
	pcapwrite_done(&s->copy);
	control_close(&s->control);
	filter_free(s->filter);
	decoder_free(s->decoder);
	record_writer_done(&s->out);
	pcapfile_free(s->in);
}

/* A link type met so far that is decoded, rather than this one, which the
 * first packet has. */
static int
decoded_linktype(const struct file *s, int linktype)
{
	const struct pcapfile_interface *list;
	uint16_t count = pcapfile_interfaces(s->in, &list);
	for (uint16_t i = 0; i < count &&
	    !decode_knows(linktype, s->c->wifi); i++)
		if (decode_knows(list[i].linktype, s->c->wifi))
			return list[i].linktype;
	return linktype;
}

/* PCAPFILE_MORE: none is wanted any more. */
static enum pcapfile_status
next_packet(struct file *s, struct pcapfile_packet *p)
{
	enum pcapfile_status status;
	while ((status = pcapfile_next(s->in, p)) == PCAPFILE_MORE &&
	    file_wait_input(s))
		pcapfile_fill(s->in);
	return status;
}

bool
file_look(struct file *s, struct pcapfile_packet *first,
    enum pcapfile_status *status)
{
	const struct pcapfile_interface *list;
	*status = next_packet(s, first);
	if (*status == PCAPFILE_MORE)
		return false;
	if (*status == PCAPFILE_BAD && !pcapfile_is_capture(s->in)) {
		warnx("%s: %s", s->name, pcapfile_error(s->in));
		s->status = EXIT_FAILURE;
		return false;
	}
	int linktype = *status == PCAPFILE_PACKET ? first->linktype :
	    pcapfile_interfaces(s->in, &list) > 0 ? list[0].linktype :
	    DLT_EN10MB;
	s->copy_linktype = linktype;
	const char *refusal = filter_refusal(s->filter, linktype);
	if (refusal != NULL)
		refusal = filter_refusal(s->filter,
		    decoded_linktype(s, linktype));
	if (refusal == NULL)
		return true;
	warnx("filter '%s': %s", s->c->filter, refusal);
	s->status = EXIT_FAILURE;
	return false;
}

/* Never onto the capture itself.  What it holds goes when it is known that
 * there is something to take its place. */
static bool
open_copy(struct file *s)
{
	struct ring r = { .path = s->c->write, .keeps = true, .fd = -1 };
	struct stat in, out;
	char *name;
	if (s->c->write == NULL)
		return true;
	if (fstat(s->fd, &in) == 0 && stat(s->c->write, &out) == 0 &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
		warnx("%s: is the file that is read; name another one for -w",
		    s->c->write);
		return false;
	}
	if (!ring_open(&r, &name)) {
		warn("%s", name);
		free(name);
		return false;
	}
	s->copy.fd = r.fd;
	return true;
}

void
file_begin_copy(struct file *s, int linktype)
{
	if (s->copy_begun)
		return;
	s->copy_begun = true;
	s->copy_linktype = linktype;
	pcapwrite_init(&s->copy, s->copy.fd, 0, linktype);
}

/* Where link types may mix, the filter decides which one it is. */
static bool
empty_copy(struct file *s)
{
	struct stat st;
	int fd = s->copy.fd;
	if (!pcapfile_may_mix(s->in))
		file_begin_copy(s, s->copy_linktype);
	if (fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    ftruncate(fd, 0) == 0)
		return true;
	warn("%s", s->c->write);
	return false;
}

/* Nobody who reads the capture is root, or may do what others may not. */
static bool
give_up_privilege(void)
{
	const char *what;
	if (privilege_keep_capture(false, &what) && privilege_drop(&what))
		return true;
	warn("cannot %s", what);
	return false;
}

bool
file_open_outputs(struct file *s)
{
	if (fifo_open(&s->control, s->c->control) && open_copy(s) &&
	    give_up_privilege())
		return true;
	s->status = EXIT_FAILURE;
	return false;
}

/* A kernel (or valgrind) without seccomp is no reason not to read: nothing is
 * held any more that another user has not. */
static bool
enter_sandbox(void)
{
	if (sandbox_enter_file() || errno == EINVAL || errno == ENOSYS)
		return true;
	warn("cannot enter the sandbox");
	return false;
}

bool
file_prepare(struct file *s)
{
	s->status = EXIT_FAILURE;
	if (!empty_copy(s))
		return false;
	s->decoder = decoder_new(s->c->wifi);
	record_writer_init(&s->out, STDOUT_FILENO, s->c->form);
	if (s->c->speed == 0)
		io_widen_pipe(STDOUT_FILENO, IO_PIPE_RECORDS);
	/* A filter with names looks them up in files and on the network. */
	if (pcapfile_may_mix(s->in))
		filter_compile_all(s->filter, s->c->wifi);
	if (!enter_sandbox())
		return false;
	s->status = EXIT_SUCCESS;
	return true;
}

/* Is there a packet that is decoded, or an interface of such?  In a pcapng
 * file it may come late. */
static bool
holds_decoded(struct file *s, struct pcapfile_packet p)
{
	enum pcapfile_status status = PCAPFILE_PACKET;
	while (status == PCAPFILE_PACKET) {
		if (decode_knows(decoded_linktype(s, p.linktype), s->c->wifi))
			return true;
		status = pcapfile_may_mix(s->in) ? next_packet(s, &p) :
		    PCAPFILE_END;
	}
	return false;
}

int
capd_check(const struct capd *c)
{
	struct file s;
	struct pcapfile_packet first;
	enum pcapfile_status status;
	if (!file_open(&s, c) || !give_up_privilege())
		return EXIT_FAILURE;
	if (file_look(&s, &first, &status)) {
		if (status == PCAPFILE_BAD) {
			warnx("%s: %s", s.name, pcapfile_error(s.in));
			s.status = EXIT_FAILURE;
		} else if (!enter_sandbox()) {
			s.status = EXIT_FAILURE;
		} else if (status == PCAPFILE_PACKET &&
		    !holds_decoded(&s, first)) {
			file_tell_undecoded(&s, first.linktype);
			s.status = EXIT_FAILURE;
		}
	}
	file_close(&s);
	return s.status;
}
