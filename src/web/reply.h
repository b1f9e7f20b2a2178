/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the frame alone does to answers; handlers use those of web/request.h. */
#pragma once
#include <stdbool.h>

struct lang;
struct refusal;
struct request;

/* The language that the request itself asks for, by ?lang=, a cookie, or Accept-Language, in that
 * order; NULL: none that is known. */
const struct lang *request_lang(struct request *rq);

/* application/problem+json (RFC 9457), with `errors` beside fields. */
void reply_problem(struct request *rq, const struct refusal *refusal);

/* Later pages come in this language: the cookie that request.c reads. */
void reply_language(struct request *rq, const struct lang *lang);

/* Without a connection, an answer in pieces is put together at once. False: a piece failed. */
bool reply_collect(struct request *rq);

/* A header of the answer; "" when it is missing. */
const char *reply_header(const struct request *rq, const char *name);

/* Adds the headers that every answer carries. Called once, last. */
void reply_finish(struct request *rq);
