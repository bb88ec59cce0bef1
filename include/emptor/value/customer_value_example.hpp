// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

/// The worked example of value.customer_value; tests/oracle/customer_value.py reads its orders and prints its
/// figures.
namespace emptor::value {

inline constexpr example_table customer_value_orders[] = {
    {"orders", "customer,date,amount,document,cancels\nc01,2024-03-30,107.10,,\n"
               "c01,2024-04-22,102.30,,\nc01,2024-05-12,70.70,,\nc01,2024-05-14,72.20,,\n"
               "c02,2024-02-03,212.80,,\nc02,2024-02-25,98.20,,\nc02,2024-04-19,170.90,,\n"
               "c02,2024-05-05,198.00,,\nc02,2024-06-24,348.20,,\nc02,2024-07-29,150.90,,\n"
               "c03,2024-02-16,49.80,,\nc04,2024-02-02,60.00,,\nc05,2024-06-08,84.30,,\n"
               "c05,2024-07-18,165.30,,\nc06,2024-02-16,355.30,,\nc06,2024-02-17,172.10,,\n"
               "c06,2024-02-19,173.40,,\nc07,2024-02-28,40.70,,\nc08,2024-05-05,162.00,,\n"
               "c08,2024-07-07,69.30,,\nc08,2024-07-09,98.20,,\nc08,2024-07-10,71.90,,\n"
               "c09,2024-02-07,139.80,,\nc09,2024-03-01,119.10,,\nc09,2024-04-23,85.50,,\n"
               "c09,2024-05-03,111.10,,\nc09,2024-06-22,97.00,,\nc10,2024-04-18,102.80,,\n"
               "c11,2024-02-24,147.50,,\nc11,2024-02-28,41.30,,\nc11,2024-03-21,97.80,,\n"
               "c11,2024-03-22,62.00,,\nc11,2024-03-29,128.30,,\nc11,2024-04-09,72.20,,\n"
               "c11,2024-04-22,146.80,,\nc11,2024-04-24,127.90,,\nc11,2024-05-06,71.00,,\n"
               "c11,2024-05-26,236.50,,\nc11,2024-05-30,135.90,,\nc11,2024-06-21,64.90,,\n"
               "c12,2024-02-08,96.00,,\nc12,2024-02-17,70.20,,\nc13,2024-06-01,23.20,,\n"
               "c14,2024-04-06,52.90,,\nc14,2024-04-10,85.50,,\nc15,2024-01-19,60.80,,\n"
               "c16,2024-03-23,148.80,,\nc16,2024-04-02,131.80,,\nc17,2024-05-02,25.00,D1,\n"
               "c17,2024-05-03,,D2,D1\nc03,2024-08-02,30.00,,\n"}};
inline constexpr example_option customer_value_example_options[] = {
    {"until", "2024-07-31"},       {"unit", "week"},      {"margin", "0.4"}, {"min_customers", "10"},
    {"min_repeat_customers", "8"}, {"min_history", "150"}};
inline constexpr example_table customer_value_expected[] = {
    {"customers",
     "customer,status,probability_alive,expected_orders,expected_spend,value,value_low,value_high,next_"
     "order\n"
     "c01,ok,0.214282198045,1.84422010668,84.3020473936,59.5886656267,11.0198554368,322.21920619,\n"
     "c02,ok,0.995049485735,9.28505255002,190.130260111,676.081590267,377.542625666,1210.68797435,2024-08-"
     "22\n"
     "c03,ok,0.00450047185749,0.0291718861787,119.371185558,1.33381674047,0.0500868099229,35.5196727423,\n"
     "c04,ok,0.00313963022298,0.0200422617615,119.371185558,0.916230417775,0.0239565897227,35.0416394058,\n"
     "c05,ok,0.87276590396,6.37731977879,157.025735719,384.519750575,131.904045882,1120.93179245,2024-08-30\n"
     "c06,ok,0.00298284342597,0.0228931385753,167.465809542,1.46846512446,0.114182825931,18.8854129698,\n"
     "c07,ok,0.00618846945245,0.0406136619244,119.371185558,1.85726129597,0.0935938338943,36.8552005829,\n"
     "c08,ok,0.844687905386,7.38454968463,82.5006604978,233.682285514,96.2946739428,567.086509846,2024-08-"
     "28\n"
     "c09,ok,0.808086228588,7.09658494891,104.018410162,282.711577319,127.816481941,625.317132317,2024-09-"
     "03\n"
     "c10,ok,0.0260510441548,0.177708555363,119.371185558,8.13356599328,1.13248499719,58.4156928623,\n"
     "c11,ok,0.690190194668,9.07784193804,107.919670203,375.284679283,157.316779347,895.254728001,2024-08-"
     "30\n"
     "c12,ok,0.00673302275922,0.047249304943,79.0583907353,1.43064728856,0.0637694864597,32.0960976465,\n"
     "c13,ok,0.108571435258,0.7339293067,119.371185558,33.6317477437,8.24165405487,137.24119561,\n"
     "c14,ok,0.0225988332054,0.167247028292,91.6020329881,5.87262341869,0.689598489679,50.0112838615,\n"
     "c15,ok,0.002215910049,0.0139218629813,119.371185558,0.636338530658,0.0113862528666,35.5627729633,\n"
     "c16,ok,0.0266026915308,0.194878749504,129.560898106,9.67606305493,1.07177440513,87.3562531391,\n"
     "c17,no_order,,,,,,,\n"},
    {"candidates", "model,parameters,log_likelihood,bic,converged,chosen\n"
                   "nbd,2,-97.01473496551706,199.5746473755137,true,false\n"
                   "bg_nbd,4,-91.35652091995066,193.8033967288604,true,false\n"
                   "mbg_nbd,4,-89.81608464816462,190.7225241852884,true,false\n"
                   "pareto_nbd,4,-88.80012315165393,188.690601192267,true,true\n"},
    {"spend", "rule,mean,customers,correlation,log_likelihood,converged,limit\n"
              "gamma_gamma,119.371185558,10,0.0282525783495,-50.55187114870698,true,ridge\n"},
    {"totals", "until,horizon,horizon_end,customers,valued,expected_orders,value,value_low,value_high\n"
               "2024-07-31,52.142857142857146,2025-07-31,17,16,42.5132247633,2076.82530819,1005.33604745,"
               "4290.31006266\n"},
    {"warnings", "warning\nspend_ridge\nlong_horizon\nlater_lines\n"},
    {"order_parameters",
     "parameter,value,standard_error\nr,10.8668734765,21.4487228\nalpha,41.7990663401,82.3854791\n"
     "s,0.444763546337,0.325338175\nbeta,1.0597743703,1.67594102\n"},
    {"spend_parameters",
     "parameter,value,standard_error\np,42.1504165044,237.510214\nq,10.262192331,8.69988071\n"
     "v,26.2307936934,168.517535\n"}};
inline constexpr example customer_value_examples[] = {
    {.what = verb::reduce,
     .summary = "16 invented customers, the calendar year after half a year, at ten percent a year and a "
                "margin of 40 "
                "percent; one more whose only order was cancelled. So few leave much open: see the intervals",
     .source = "an independent maximisation of the definitions with 40-digit arithmetic, quadrature and "
               "differences: "
               "tests/oracle/customer_value.py",
     .tables = customer_value_orders,
     .options = customer_value_example_options,
     .expected = customer_value_expected,
     .tolerance = 2e-6},
};

} // namespace emptor::value
