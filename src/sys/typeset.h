/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Titles that people wrote, as a printer would set them. For big letters only, where a bad break of
 * a line is seen; texts are left as they were typed. */
#pragma once

struct mem;

/* The title with signs that no line may begin with held to the word before them ("les vieux
 * e-mails !"), quotation marks held to what they quote, and no break after the hyphen of "e-mail".
 */
const char *typeset_title(struct mem *mem, const char *title);
