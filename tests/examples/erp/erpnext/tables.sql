-- A made-up company, in those columns of ERPNext that the queries read.
CREATE TABLE `tabSales Invoice` (name, customer, posting_date, currency, is_return, return_against, docstatus);
INSERT INTO `tabSales Invoice` VALUES
  ('SINV-1', 'Hong', '2026-01-10', 'EUR', 0, NULL, 1), ('SINV-2', 'Hong', '2026-03-05', 'EUR', 0, NULL, 1),
  ('SINV-3', 'Hong', '2026-03-10', 'EUR', 1, 'SINV-1', 1), ('SINV-4', 'Lan', '2025-12-01', 'USD', 0, NULL, 1),
  ('SINV-5', 'Lan', '2026-01-15', 'EUR', 0, NULL, 2), ('SINV-6', 'Lan', '2026-02-01', 'EUR', 0, NULL, 1),
  ('SINV-7', 'Hong', '2026-03-20', 'EUR', 0, NULL, 0),
  ('SINV-8', 'Hong', '2026-03-12', 'EUR', 1, 'SINV-2', 1); -- only free goods came back
CREATE TABLE `tabSales Invoice Item` (parent, idx, item_code, qty, net_amount);
INSERT INTO `tabSales Invoice Item` VALUES
  ('SINV-1', 1, 'TEA', 2, 600.00), ('SINV-1', 2, 'CUP', 4, 400.00), ('SINV-2', 1, 'TEA', 1, 250.00),
  ('SINV-3', 1, 'CUP', -1, -50.00), ('SINV-3', 2, 'SPOON', -1, 0.00), ('SINV-4', 1, 'POT', 3, 300.00), ('SINV-5', 1, 'TEA', 1, 80.00),
  ('SINV-6', 1, 'CUP', 1, 120.00), ('SINV-7', 1, 'TEA', 9, 999.00), ('SINV-8', 1, 'SPOON', -1, 0.00);
CREATE TABLE `tabPayment Ledger Entry` (name, posting_date, account_type, account_currency, party_type, party, due_date,
  voucher_type, voucher_no, against_voucher_type, against_voucher_no, amount_in_account_currency, delinked, modified);
INSERT INTO `tabPayment Ledger Entry` VALUES
  ('a1', '2026-01-10', 'Receivable', 'EUR', 'Customer', 'Hong', '2026-02-09', 'Sales Invoice', 'SINV-1', 'Sales Invoice', 'SINV-1', 1000.00, 0, '2026-01-10 08:00:00'),
  ('a2', '2026-03-05', 'Receivable', 'EUR', 'Customer', 'Hong', '2026-04-04', 'Sales Invoice', 'SINV-2', 'Sales Invoice', 'SINV-2', 250.00, 0, '2026-03-05 08:00:00'),
  ('a3', '2026-03-10', 'Receivable', 'EUR', 'Customer', 'Hong', '2026-03-10', 'Sales Invoice', 'SINV-3', 'Sales Invoice', 'SINV-1', -50.00, 0, '2026-03-10 08:00:00'),
  ('a4', '2025-12-01', 'Receivable', 'USD', 'Customer', 'Lan', '2025-12-31', 'Sales Invoice', 'SINV-4', 'Sales Invoice', 'SINV-4', 300.00, 0, '2025-12-01 08:00:00'),
  ('a5', '2026-01-15', 'Receivable', 'EUR', 'Customer', 'Lan', '2026-02-14', 'Sales Invoice', 'SINV-5', 'Sales Invoice', 'SINV-5', 80.00, 1, '2026-01-16 08:00:00'),
  ('a6', '2026-01-15', 'Receivable', 'EUR', 'Customer', 'Lan', '2026-02-14', 'Sales Invoice', 'SINV-5', 'Sales Invoice', 'SINV-5', -80.00, 1, '2026-01-16 08:00:00'),
  ('a7', '2026-02-01', 'Receivable', 'EUR', 'Customer', 'Lan', '2026-03-03', 'Sales Invoice', 'SINV-6', 'Sales Invoice', 'SINV-6', 120.00, 0, '2026-02-01 08:00:00'),
  -- 500.00 that were first unallocated, then reconciled in part: the old entry is delinked
  ('b1', '2026-02-20', 'Receivable', 'EUR', 'Customer', 'Hong', NULL, 'Payment Entry', 'PE-1', 'Payment Entry', 'PE-1', -500.00, 1, '2026-02-21 08:00:00'),
  ('b2', '2026-02-20', 'Receivable', 'EUR', 'Customer', 'Hong', NULL, 'Payment Entry', 'PE-1', 'Sales Invoice', 'SINV-1', -400.00, 0, '2026-02-21 08:00:00'),
  ('b3', '2026-02-20', 'Receivable', 'EUR', 'Customer', 'Hong', NULL, 'Payment Entry', 'PE-1', 'Payment Entry', 'PE-1', -100.00, 0, '2026-02-21 08:00:00'),
  ('b4', '2026-02-25', 'Receivable', 'EUR', 'Customer', 'Lan', NULL, 'Payment Entry', 'PE-2', 'Sales Invoice', 'SINV-6', -120.00, 0, '2026-02-25 08:00:00'),
  ('c1', '2026-02-25', 'Payable', 'EUR', 'Supplier', 'Mill', NULL, 'Payment Entry', 'PE-3', 'Payment Entry', 'PE-3', 70.00, 0, '2026-02-25 08:00:00');
