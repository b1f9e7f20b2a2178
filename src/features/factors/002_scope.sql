-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a factor's value counts, in the language of who reads it. Of what a community wrote before, nobody knows in which it is.
ALTER TABLE factor RENAME COLUMN scope TO scope_fr;
ALTER TABLE factor ADD COLUMN scope_en TEXT NOT NULL DEFAULT '';
UPDATE factor SET scope_en = scope_fr WHERE community_id IS NOT NULL;
UPDATE factor SET scope_en = 'legal working time in France: 35 hours a week' WHERE id = 1;
UPDATE factor SET scope_en = 'low: use of a petrol or diesel car (0.192) less an electric bicycle (0.01095); high: use and making (0.2176), on foot or by bicycle (0)' WHERE id = 2;
UPDATE factor SET scope_en = 'low: use of a car (0.192) less a regional train (0.02769); high: use and making (0.2176) less a high-speed train (0.00293)' WHERE id = 3;
UPDATE factor SET scope_en = 'low: use of a car (0.192) less a diesel city bus (0.12242); high: use and making (0.2176) less a coach (0.03756)' WHERE id = 4;
UPDATE factor SET scope_en = 'the second car, petrol or diesel; low: its use; high: its use and its making' WHERE id = 5;
UPDATE factor SET scope_en = 'low: instead of a meal with chicken (1.58); high: with beef (7.26); vegetarian meal: 0.51' WHERE id = 6;
UPDATE factor SET scope_en = 'bottled water (0.3207) less tap water (0.000132)' WHERE id = 7;
UPDATE factor SET scope_en = 'making of a smartphone' WHERE id = 8;
UPDATE factor SET scope_en = 'making; low: a laptop; high: a desktop computer without a screen' WHERE id = 9;
UPDATE factor SET scope_en = 'making; low: a cotton T-shirt; high: a pair of jeans' WHERE id = 10;
