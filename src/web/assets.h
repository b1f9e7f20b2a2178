/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that the program carries: CSS, scripts, pictures, under hashed names, compressed at build
 * time. The table is generated. */
#pragma once
#include <stddef.h>

struct asset {
    const char *name; /* "app.css" */
    const char *url;  /* "/assets/app.0a1b2c3d.css" */
    const char *type;
    const unsigned char *bytes;
    size_t count;
    const unsigned char *gzip; /* NULL: not smaller */
    size_t gzip_count;
    const unsigned char *brotli;
    size_t brotli_count;
};

extern const struct asset assets[]; /* ends with name NULL */
const struct asset *asset_by_url(const char *url);
/* The address of a file by its plain name; asking for one that is not there is a bug. */
const char *asset_url(const char *name);
