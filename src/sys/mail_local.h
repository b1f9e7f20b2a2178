/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What composing and reading mails share among their files. */
#pragma once
#include <stddef.h>

struct _GMimeMessage;
struct buf;
struct mem;

/* Any text as encoded words (RFC 2047), none of which cuts a letter, in as many lines as it takes:
 * the first goes on behind `column` characters, at most 60. Controls become spaces. */
void mail_words_put(struct buf *out, const char *text, size_t column);
/* A text with line feeds (CRLF is one as well) in quoted-printable, with CRLF. In its lines no '='
 * is followed by '_'. */
void mail_quoted_put(struct buf *out, const char *text);
/* Bytes in lines of base64, each ended by CRLF. */
void mail_base64_put(struct buf *out, const char *bytes, size_t count);

/* The address with its host in ASCII; NULL: it is none that is valid. */
const char *mail_address_ascii(struct mem *mem, const char *address);

/* The bytes as GMime reads them, for the caller to unref. NULL: they are no message, or more than
 * MAIL_BYTES_MAX. */
struct _GMimeMessage *mail_message_new(const char *bytes, size_t count);
