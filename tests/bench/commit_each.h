/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What web/writer.c is compiled with in essaim_each, the program as it would be without group
 * commit: a batch is one request. */
#pragma once
#include "base/limits.h"

#define WRITER_BATCH_REQUESTS_MAX 1
