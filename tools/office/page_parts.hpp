#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/office/access.hpp"

/// What the office's pages are put together from. Arguments named `html` are markup and stand as they are;
/// all other text is made safe here.
namespace riverlight::office::parts {

/// The whole page around `content`; without a session there is no way to anywhere.
[[nodiscard]] std::string layout(const std::string& title, std::string_view active, const Session* session,
                                 const std::string& content);
/// The token that makes a form ours.
[[nodiscard]] std::string hidden(const Session& session);
/// `mood`: well | warn | bad | soft.
[[nodiscard]] std::string chip(std::string_view mood, std::string_view text);
/// A cell; its label stands beside it where the table is stacked.
[[nodiscard]] std::string td(std::string_view label, const std::string& html, std::string_view cls = "");
[[nodiscard]] std::string choice(std::string_view value, std::string_view text, std::string_view chosen);
/// A select with "all" first; `word` says what a value is called.
[[nodiscard]] std::string choices(std::string_view name, std::string_view label,
                                  const std::vector<std::string>& values, const std::string& chosen,
                                  std::string (*word)(const std::string&) = nullptr);
[[nodiscard]] std::string date_field(std::string_view name, std::string_view label,
                                     const std::optional<std::chrono::local_days>& day);
/// A box that says what is wrong.
[[nodiscard]] std::string trouble(const std::string& html);
/// The same of a channel that cannot be read, in words that need no HTML; nothing where it can.
[[nodiscard]] std::string channel_trouble(const std::string& fault);
/// A table that stacks on small screens.
[[nodiscard]] std::string table(std::string_view heads_html, const std::string& rows_html);

}  // namespace riverlight::office::parts
