-- The night of the 15th of January: the order and invoice that were cancelled on the 16th still stood.
UPDATE account_move SET state = 'posted', write_date = '2026-01-15 08:00:00' WHERE id = 5;
UPDATE sale_order SET state = 'sale', write_date = '2026-01-15 03:00:00' WHERE id = 5;
DELETE FROM account_partial_reconcile;
DELETE FROM account_move WHERE write_date > '2026-01-16';
DELETE FROM sale_order WHERE write_date > '2026-01-16';
