-- SPDX-License-Identifier: AGPL-3.0-or-later
ALTER TABLE community ADD COLUMN contact TEXT NOT NULL DEFAULT ''; -- where answers go; '': nowhere
