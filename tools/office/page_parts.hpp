#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/html/html.hpp"
#include "content/html/url.hpp"
#include "tools/office/access.hpp"

/// The parts that the office's pages are made from.
namespace riverlight::office {

using html::Html;

/// A page that the navigation links to.
enum class Section { boards, airings, planned, quarantine };

/// The whole page around `content`. Without a session there is no navigation; a page outside the sections
/// marks none of them.
[[nodiscard]] Html layout(std::string_view title, std::optional<Section> section, const Session* session,
                          const Html& content);

/// The hidden field that every form of a session carries.
[[nodiscard]] Html form_token_field(const Session& session);

/// How a chip is coloured.
enum class Mood { good, warning, bad, quiet };
[[nodiscard]] Html chip(Mood mood, std::string_view text);

/// `12.3 s`, `4 min 05 s`, `2 h 04 min 05 s`: rounded down, so that a whole is never shown too early.
[[nodiscard]] std::string time_text(std::chrono::milliseconds time);

/// A cell of a table; its label is shown beside it where the table is stacked.
[[nodiscard]] Html cell(std::string_view label, const Html& content);
[[nodiscard]] Html number_cell(std::string_view label, const Html& content);

/// A table that stacks on small screens. `heads` are `<th>` elements, `rows` `<tr>`.
[[nodiscard]] Html table(const Html& heads, const Html& rows);

[[nodiscard]] Html option(std::string_view value, std::string_view text, bool selected = false);
/// A choice with "all" first. `name_of` says how a value is shown; a chosen value that is not among `values`
/// is added.
[[nodiscard]] Html select_field(std::string_view name, std::string_view label,
                                const std::vector<std::string>& values, const std::string& chosen,
                                std::string (*name_of)(const std::string&) = nullptr);
[[nodiscard]] Html date_field(std::string_view name, std::string_view label,
                              const std::optional<std::chrono::local_days>& day);

/// Links to the same rows as files: CSV, Excel, JSON lines.
[[nodiscard]] Html export_links(const std::function<html::Url(const std::string& ending)>& url_of);

/// A box that reports a problem.
[[nodiscard]] Html problem_box(const Html& message);
/// The box for a channel that could not be read; nothing for an empty fault.
[[nodiscard]] Html channel_problem(const std::string& fault);

/// Says of which days nothing but sums is left; nothing where none was pruned.
[[nodiscard]] Html pruned_note(const std::optional<std::chrono::local_days>& pruned_before);

}  // namespace riverlight::office
