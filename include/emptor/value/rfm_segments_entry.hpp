// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/value/rfm_segments.hpp>

/// How the catalogue knows segments of RFM cells (rfm_segments.hpp).
namespace emptor::value {

inline constexpr domain rfm_score_domain{1.0, static_cast<double>(most_rfm_groups)};

inline constexpr column_description rfm_rule_columns[] = {
    {.name = "segment",
     .what = content::text,
     .summary = "name of the segment (客户群); several rules may have the same"},
    {.name = "r_low",
     .summary = "lowest recency score, which belongs to it; missing = any",
     .optional = true},
    {.name = "r_high", .summary = "highest recency score, which belongs to it", .optional = true},
    {.name = "f_low", .summary = "lowest frequency score", .optional = true},
    {.name = "f_high", .summary = "highest frequency score", .optional = true},
    {.name = "m_low", .summary = "lowest monetary score", .optional = true},
    {.name = "m_high", .summary = "highest monetary score", .optional = true},
    {.name = "fm_low",
     .summary = "lowest mean of frequency and monetary score, (F + M) / 2, which may be a half",
     .optional = true},
    {.name = "fm_high",
     .summary = "highest mean of the two; after one to 2.5 the next rule begins at 3",
     .optional = true},
};
inline constexpr table_description rfm_rules_table{
    .name = "rules",
    .summary = "which cells a segment has, one rule a row; every cell must be in one segment and in no other",
    .columns = rfm_rule_columns};
inline constexpr table_description rfm_segments_tables[] = {rfm_rules_table};
inline constexpr option_description rfm_segments_model_options[] = {
    {.name = "groups",
     .what = option_content::integer,
     .summary = "scores go from 1 to this",
     .allowed = rfm_score_domain,
     .default_value = "5"},
};

enum class rfm_segments_input : std::size_t { recency_score, frequency_score, monetary_score };
enum class rfm_segments_output : std::size_t { cell, segment };
inline constexpr column_description rfm_segments_inputs[] = {
    {.name = "recency_score",
     .what = content::count,
     .summary = "R, the largest for the latest order; row status out_of_domain above the model's groups",
     .allowed = rfm_score_domain},
    {.name = "frequency_score",
     .what = content::count,
     .summary = "F, the largest for the most orders",
     .allowed = rfm_score_domain},
    {.name = "monetary_score",
     .what = content::count,
     .summary = "M, the largest for the most money",
     .allowed = rfm_score_domain},
};
inline constexpr column_description rfm_segments_outputs[] = {
    {.name = "cell", .what = content::code, .summary = "the three scores side by side, such as 543"},
    {.name = "segment", .what = content::code, .summary = "name of the segment (客户群)"},
};

// The eight classes of the textbooks for two groups: each score is high or not. In the order of the rules 重要价值,
// 重要发展, 重要保持, 重要挽留, 一般价值, 一般发展, 一般保持, 一般挽留客户.
inline constexpr example_table rfm_segments_example_model[] = {
    {"rules", "segment,r_low,r_high,f_low,f_high,m_low,m_high\n"
              "important_value,2,,2,,2,\n"
              "important_develop,2,,,1,2,\n"
              "important_keep,,1,2,,2,\n"
              "important_win_back,,1,,1,2,\n"
              "ordinary_value,2,,2,,,1\n"
              "ordinary_develop,2,,,1,,1\n"
              "ordinary_keep,,1,2,,,1\n"
              "ordinary_win_back,,1,,1,,1\n"}};
inline constexpr example_option rfm_segments_example_options[] = {{"groups", "2"}};
inline constexpr example_table rfm_segments_example_rows[] = {
    {"rows", "recency_score,frequency_score,monetary_score\n2,2,2\n1,2,2\n2,1,1\n"}};
inline constexpr example_table rfm_segments_example_expected[] = {
    {"scores", "cell,segment\n222,important_value\n122,important_keep\n211,ordinary_develop\n"}};
inline constexpr example rfm_segments_examples[] = {
    {.what = verb::score,
     .summary = "the eight classes of the textbooks: recency, frequency and money each high or low",
     .source = "the definition, by hand: value customers are recent and frequent, those to develop recent, "
               "those to keep frequent, those to win back neither; important ones spend much",
     .tables = rfm_segments_example_rows,
     .model_tables = rfm_segments_example_model,
     .model_options = rfm_segments_example_options,
     .expected = rfm_segments_example_expected},
};
inline constexpr std::string_view rfm_segments_formats[] = {"json"};

inline constexpr entry_description rfm_segments_description{
    .name = rfm_segments_name,
    .what = verb::score,
    .summary = "named segments of RFM cells by rules that give every cell exactly one name",
    .source = "segments as shops use them, with every cell of the cube tried; the eight classes of Chinese "
              "texts on customer relationship management",
    .chinese = "RFM 客户分群",
    .since = "0.1",
    .model_tables = rfm_segments_tables,
    .model_options = rfm_segments_model_options,
    .score = {.inputs = rfm_segments_inputs, .outputs = rfm_segments_outputs},
    .formats = rfm_segments_formats,
    .examples = rfm_segments_examples,
    .no_demo = "value.rfm takes the rules in its slot segments, and has presets of its own",
};

/// The segmentation of a model of this entry.
[[nodiscard]] inline rfm_segmentation read_rfm_segments(const model& from) {
  const std::int64_t groups = parse_integer(from.option_text("groups")).value_or(5);
  return read_rfm_rules(model_table(rfm_segments_name, &from, "rules"), groups, rfm_segments_name);
}

class rfm_segments_scorer final : public scorer {
public:
  explicit rfm_segments_scorer(rfm_segmentation segmentation)
      : segmentation_(std::move(segmentation))
      , cells_(cell_texts(segmentation_.groups())) {}

  void score(const score_block& block) const noexcept override {
    using in = rfm_segments_input;
    using out = rfm_segments_output;
    const std::int64_t groups = segmentation_.groups();
    for_each_fine_row<in, out>(block, [&](const row_cells<in, out>& at) {
      const rfm_cell cell{static_cast<std::int64_t>(at.number(in::recency_score)),
                          static_cast<std::int64_t>(at.number(in::frequency_score)),
                          static_cast<std::int64_t>(at.number(in::monetary_score))};
      if (cell.recency > groups || cell.frequency > groups || cell.monetary > groups) {
        at.refuse(row_status::out_of_domain);
        return;
      }
      at.put(out::cell, static_cast<double>(place_of(cell, groups)));
      at.put(out::segment, static_cast<double>(segmentation_.segment_of(cell)));
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    return static_cast<rfm_segments_output>(output) == rfm_segments_output::cell ? cells_
                                                                                 : segmentation_.segments();
  }

private:
  rfm_segmentation segmentation_;
  std::vector<std::string> cells_;
};

inline constexpr entry rfm_segments_entry{
    .description = &rfm_segments_description,
    .check_model = [](const model& made) { (void)read_rfm_segments(made); },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<rfm_segments_scorer>(read_rfm_segments(*request.self));
    },
};

} // namespace emptor::value
