-- A made-up company, in those columns of iDempiere that the queries read.
CREATE TABLE C_Currency (C_Currency_ID, ISO_Code);
INSERT INTO C_Currency VALUES (102, 'EUR'), (100, 'USD');
CREATE TABLE C_DocType (C_DocType_ID, DocBaseType);
INSERT INTO C_DocType VALUES (1, 'ARI'), (2, 'ARC'), (3, 'API');
CREATE TABLE C_Invoice (C_Invoice_ID, C_DocType_ID, C_BPartner_ID, C_Currency_ID, C_PaymentTerm_ID, DateInvoiced, GrandTotal,
  IsSOTrx, DocStatus, Reversal_ID, Updated);
INSERT INTO C_Invoice VALUES
  (1, 1, 7, 102, 30, '2026-01-10 00:00:00', 1000.00, 'Y', 'CO', NULL, '2026-01-10 08:00:00'),
  (2, 1, 7, 102, 30, '2026-03-05 00:00:00', 250.00, 'Y', 'CO', NULL, '2026-03-05 08:00:00'),
  (3, 2, 7, 102, 30, '2026-03-10 00:00:00', 50.00, 'Y', 'CO', NULL, '2026-03-10 08:00:00'),
  (4, 1, 8, 100, 30, '2025-12-01 00:00:00', 300.00, 'Y', 'CO', NULL, '2025-12-01 08:00:00'),
  (5, 1, 8, 102, 30, '2026-01-15 00:00:00', 80.00, 'Y', 'RE', 15, '2026-01-16 08:00:00'),
  (15, 1, 8, 102, 30, '2026-01-16 00:00:00', -80.00, 'Y', 'RE', 5, '2026-01-16 08:00:00'),
  (6, 1, 8, 102, 30, '2026-02-01 00:00:00', 120.00, 'Y', 'CL', NULL, '2026-02-01 08:00:00'),
  (7, 1, 7, 102, 30, '2026-03-20 00:00:00', 999.00, 'Y', 'DR', NULL, '2026-03-20 08:00:00'),
  (8, 3, 9, 102, 30, '2026-03-20 00:00:00', 70.00, 'N', 'CO', NULL, '2026-03-20 08:00:00');
CREATE TABLE C_InvoiceLine (C_InvoiceLine_ID, C_Invoice_ID, M_Product_ID, QtyInvoiced, LineNetAmt);
INSERT INTO C_InvoiceLine VALUES
  (1, 1, 100, 2, 600.00), (2, 1, 101, 4, 400.00), (3, 2, 100, 1, 250.00), (4, 3, 101, 1, 50.00), (5, 4, 102, 3, 300.00),
  (6, 5, 100, 1, 80.00), (7, 15, 100, -1, -80.00), (8, 6, 101, 1, 120.00), (9, 7, 100, 9, 999.00), (10, 8, 100, 9, 70.00);
CREATE TABLE C_Payment (C_Payment_ID, C_BPartner_ID, C_Currency_ID, C_Charge_ID, DateTrx, PayAmt, IsReceipt, DocStatus, Updated);
INSERT INTO C_Payment VALUES
  (1, 7, 102, NULL, '2026-02-20 00:00:00', 500.00, 'Y', 'CO', '2026-02-20 08:00:00'),
  (2, 8, 102, NULL, '2026-02-25 00:00:00', 118.00, 'Y', 'CO', '2026-02-25 08:00:00'), -- 2.00 of discount
  (3, 9, 102, NULL, '2026-02-25 00:00:00', 70.00, 'N', 'CO', '2026-02-25 08:00:00');
CREATE TABLE C_AllocationHdr (C_AllocationHdr_ID, C_Currency_ID, DateTrx, DocStatus, Updated);
INSERT INTO C_AllocationHdr VALUES
  (1, 102, '2026-02-20 00:00:00', 'CO', '2026-02-20 08:00:00'), (2, 102, '2026-02-25 00:00:00', 'CO', '2026-02-25 08:00:00'),
  (3, 102, '2026-03-10 00:00:00', 'CO', '2026-03-10 08:00:00'), (4, 102, '2026-02-21 00:00:00', 'RE', '2026-02-22 08:00:00');
CREATE TABLE C_AllocationLine (C_AllocationLine_ID, C_AllocationHdr_ID, C_Invoice_ID, C_Payment_ID, Amount, DiscountAmt, WriteOffAmt);
INSERT INTO C_AllocationLine VALUES
  (1, 1, 1, 1, 400.00, 0, 0), (2, 2, 6, 2, 118.00, 2.00, 0), (3, 3, 1, NULL, 50.00, 0, 0), (4, 3, 3, NULL, -50.00, 0, 0),
  (5, 4, 1, 1, 0, 0, 0); -- reversed: its amount is gone
