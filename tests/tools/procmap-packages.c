/* SPDX-License-Identifier: MIT
 *
 *	procmap-packages [ROOT]
 *
 * For each path on standard input, "path TAB package TAB verified", to
 * compare with what the package manager says.
 */
#include <stdio.h>
#include <string.h>

#include "procmap/digest.h"
#include "procmap/packages.h"

int
main(int argc, char **argv)
{
	const char *root = argc > 1 ? argv[1] : "";
	char path[1024], file[2048], md5[MD5_TEXT], sha256[SHA256_TEXT];
	struct package p;
	while (fgets(path, sizeof(path), stdin) != NULL) {
		path[strcspn(path, "\n")] = '\0';
		packages_find(root, path, &p);
		snprintf(file, sizeof(file), "%s%s", root, path);
		int verified = digest_file(file, md5, sha256) &&
		    (strcmp(md5, p.digest) == 0 ||
		    strcmp(sha256, p.digest) == 0);
		printf("%s\t%s\t%d\n", path, p.name, verified);
	}
	return 0;
}
