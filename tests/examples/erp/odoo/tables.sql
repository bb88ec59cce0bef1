-- A made-up company, in those columns of Odoo that the queries read.
CREATE TABLE res_partner (id, commercial_partner_id);
INSERT INTO res_partner VALUES (7, 7), (8, 8), (9, 8); -- 9 is a contact of 8
CREATE TABLE res_currency (id, name);
INSERT INTO res_currency VALUES (1, 'EUR'), (2, 'USD');
CREATE TABLE account_account (id, account_type);
INSERT INTO account_account VALUES (1, 'asset_receivable'), (2, 'income'), (3, 'asset_cash');
CREATE TABLE account_move (id, move_type, state, partner_id, invoice_date, currency_id, amount_untaxed, write_date);
INSERT INTO account_move VALUES
  (1, 'out_invoice', 'posted', 7, '2026-01-10', 1, 1000.00, '2026-01-10 08:00:00'),
  (2, 'out_invoice', 'posted', 7, '2026-03-05', 1, 250.00, '2026-03-05 08:00:00'),
  (3, 'out_refund', 'posted', 7, '2026-03-10', 1, 50.00, '2026-03-10 08:00:00'),
  (4, 'out_invoice', 'posted', 8, '2025-12-01', 2, 300.00, '2025-12-01 08:00:00'),
  (5, 'out_invoice', 'cancel', 8, '2026-01-15', 1, 80.00, '2026-01-16 08:00:00'),
  (6, 'out_invoice', 'posted', 9, '2026-02-01', 1, 120.00, '2026-02-01 08:00:00'),
  (7, 'entry', 'posted', 7, NULL, 1, 0, '2026-02-20 08:00:00'),
  (8, 'entry', 'posted', 8, NULL, 1, 0, '2026-02-25 08:00:00'),
  (9, 'out_invoice', 'draft', 7, NULL, 1, 999.00, '2026-03-20 08:00:00');
CREATE TABLE account_move_line (id, move_id, account_id, partner_id, date, date_maturity, amount_currency, currency_id, write_date);
INSERT INTO account_move_line VALUES
  (11, 1, 1, 7, '2026-01-10', '2026-02-09', 1000.00, 1, '2026-01-10 08:00:00'),
  (12, 1, 2, 7, '2026-01-10', NULL, -1000.00, 1, '2026-01-10 08:00:00'),
  (21, 2, 1, 7, '2026-03-05', '2026-04-04', 250.00, 1, '2026-03-05 08:00:00'),
  (31, 3, 1, 7, '2026-03-10', '2026-03-10', -50.00, 1, '2026-03-10 08:00:00'),
  (41, 4, 1, 8, '2025-12-01', '2025-12-31', 300.00, 2, '2025-12-01 08:00:00'),
  (51, 5, 1, 8, '2026-01-15', '2026-02-14', 80.00, 1, '2026-01-15 08:00:00'),
  (61, 6, 1, 9, '2026-02-01', '2026-03-03', 120.00, 1, '2026-02-01 08:00:00'),
  (71, 7, 1, 7, '2026-02-20', '2026-02-20', -500.00, 1, '2026-02-20 08:00:00'),
  (72, 7, 3, 7, '2026-02-20', NULL, 500.00, 1, '2026-02-20 08:00:00'),
  (81, 8, 1, 8, '2026-02-25', '2026-02-25', -120.00, 1, '2026-02-25 08:00:00'),
  (91, 9, 1, 7, '2026-03-20', '2026-04-20', 999.00, 1, '2026-03-20 08:00:00');
CREATE TABLE account_partial_reconcile (id, debit_move_id, credit_move_id, amount, debit_amount_currency,
  credit_amount_currency, debit_currency_id, credit_currency_id, max_date, write_date);
INSERT INTO account_partial_reconcile VALUES
  (1, 11, 71, 400.00, 400.00, 400.00, 1, 1, '2026-02-20', '2026-02-20 08:00:00'),
  (2, 61, 81, 120.00, 120.00, 120.00, 1, 1, '2026-02-25', '2026-02-25 08:00:00'),
  (3, 11, 31, 50.00, 50.00, 50.00, 1, 1, '2026-03-10', '2026-03-10 08:00:00');
CREATE TABLE sale_order (id, state, date_order, partner_id, currency_id, write_date);
INSERT INTO sale_order VALUES
  (1, 'sale', '2026-01-09 22:30:00', 7, 1, '2026-01-09 22:30:00'), -- the 10th in Shanghai
  (2, 'sale', '2026-03-05 03:00:00', 7, 1, '2026-03-05 03:00:00'),
  (4, 'sale', '2025-12-01 03:00:00', 8, 2, '2025-12-01 03:00:00'),
  (5, 'cancel', '2026-01-15 03:00:00', 8, 1, '2026-01-16 03:00:00'),
  (6, 'done', '2026-02-01 03:00:00', 9, 1, '2026-02-01 03:00:00'),
  (7, 'draft', '2026-03-20 03:00:00', 7, 1, '2026-03-20 03:00:00');
CREATE TABLE sale_order_line (id, order_id, product_id, product_uom_qty, price_subtotal, display_type);
INSERT INTO sale_order_line VALUES
  (1, 1, 100, 2, 600.00, NULL), (2, 1, 101, 4, 400.00, NULL), (3, 1, NULL, 0, 0, 'line_note'), (4, 2, 100, 1, 250.00, NULL),
  (5, 4, 102, 3, 300.00, NULL), (6, 5, 100, 1, 80.00, NULL), (7, 6, 101, 1, 120.00, NULL), (8, 7, 100, 9, 999.00, NULL);
