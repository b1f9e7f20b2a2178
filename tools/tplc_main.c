/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tplc IN.html OUT.c OUT.h: the template compiler as a command of the build. It writes both files
 * or, when the template is refused, neither, and then says FILE:LINE: why. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tplc.h"

static bool read_file(const char *path, char *bytes, size_t bytes_max, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = fread(bytes, 1, bytes_max, file);
    bool read = !ferror(file);
    fclose(file);
    if (read)
        *ret_size = size;
    return read;
}

static bool write_file(const char *path, const char *const *parts)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool written = true;
    for (; *parts; parts++)
        written = fputs(*parts, file) >= 0 && written;
    return fclose(file) == 0 && written;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int fault(const char *path)
{
    fprintf(stderr, "%s:1: %s\n", path, strerror(errno));
    return 1;
}

static int run(struct mem *mem, char **paths)
{
    const size_t bytes_max = TPLC_INPUT_BYTES_MAX + 1; /* one more: to see that it is too long */
    char *text = mem_alloc(mem, bytes_max);
    size_t size = 0;
    if (!read_file(paths[0], text, bytes_max, &size))
        return fault(paths[0]);
    struct tplc_output output;
    if (!tplc_compile(mem, paths[0], text, size, &output)) {
        fprintf(stderr, "%s:%d: %s\n", paths[0], output.line, output.sentence);
        return 1;
    }
    const char *note = mem_printf(mem, "/* Compiled from %s by tplc. */\n", base_name(paths[0]));
    const char *include = mem_printf(mem, "#include \"%s\"\n", base_name(paths[2]));
    if (!write_file(paths[1], (const char *[]){note, include, output.source, NULL}))
        return fault(paths[1]);
    if (!write_file(paths[2], (const char *[]){note, output.header, NULL}))
        return fault(paths[2]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: tplc IN.html OUT.c OUT.h\n", stderr);
        return 2;
    }
    struct mem *mem = mem_new(TPLC_MEMORY_BYTES_MAX);
    int status = run(mem, argv + 1);
    mem_free(mem);
    return status;
}
