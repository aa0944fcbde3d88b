#include "content/html/html.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "content/base/plain_text.hpp"

namespace riverlight::html {
namespace {

/// What a browser reads back of escaped text.
std::string unescaped(std::string text) {
    for (const auto& [entity, letter] :
         {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
        for (auto at = text.find(entity); at != text.npos; at = text.find(entity, at + 1))
            text.replace(at, std::string_view(entity).size(), letter);
    return text;
}

/// What markup shows of a text: no control character that it has no place for; plain text of what is not
/// UTF-8.
std::string printable(std::string text) {
    if (!is_utf8(text)) return plain_text(text);
    std::erase_if(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
    return text;
}

/// The text between two literals, which appear once and in order; a failure where they do not.
std::string between(const std::string& markup, std::string_view before, std::string_view after) {
    const auto from = markup.find(before);
    const auto until = markup.find(after, from + before.size());
    if (from == markup.npos || until == markup.npos) return "not found in " + markup;
    return markup.substr(from + before.size(), until - from - before.size());
}

RC_GTEST_PROP(Html, NoTextLeavesTheElementItIsIn, (const std::string& text)) {
    const auto markup = Html("<p>{}</p>", text).markup();
    RC_ASSERT(std::count(markup.begin(), markup.end(), '<') == 2);
    RC_ASSERT(std::count(markup.begin(), markup.end(), '>') == 2);
    RC_ASSERT(unescaped(between(markup, "<p>", "</p>")) == printable(text));
}

RC_GTEST_PROP(Html, NoTextLeavesTheAttributeItIsIn, (const std::string& text)) {
    const auto markup = Html("<p title=\"{}\"{}></p>", text, Attribute("class", text)).markup();
    RC_ASSERT(std::count(markup.begin(), markup.end(), '"') == 4);
    RC_ASSERT(std::count(markup.begin(), markup.end(), '<') == 2);
    RC_ASSERT(unescaped(between(markup, "title=\"", "\" class=\"")) == printable(text));
    RC_ASSERT(unescaped(between(markup, "class=\"", "\"></p>")) == printable(text));
}

RC_GTEST_PROP(Html, NoTextLeavesTheAddressItIsIn, (const std::string& text)) {
    RC_PRE(text != "." && text != "..");
    const auto markup = Html("<a href=\"{}\"></a>", Url("/x/{}", text).with("y", text)).markup();
    RC_ASSERT(std::count(markup.begin(), markup.end(), '"') == 2);
    RC_ASSERT(between(markup, "href=\"", "\"></a>").starts_with("/x/"));
}

TEST(Html, TakesValuesByTheirType) {
    const Html name("<b>{}</b>", "a&b");
    EXPECT_EQ(
        Html("<p id=\"{}\">{}{}{}</p>", "q\"", name, -3, Url("/x").with("a", "b").with("c", "d")).markup(),
        "<p id=\"q&quot;\"><b>a&amp;b</b>-3/x?a=b&amp;c=d</p>");
    EXPECT_EQ(Html::text("<i>").markup(), "&lt;i&gt;");
    EXPECT_EQ((Html("<br>") + Html("<i></i>")).markup(), "<br><i></i>");
    EXPECT_TRUE(Html().empty());
}

TEST(Html, AnAttributeIsThereOrNot) {
    const auto option = [](bool chosen) {
        return Html("<option{}></option>", Attribute::flag("selected", chosen)).markup();
    };
    EXPECT_EQ(option(true), "<option selected></option>");
    EXPECT_EQ(option(false), "<option></option>");
    EXPECT_EQ(Html("<td{}></td>", Attribute()).markup(), "<td></td>");
}

// What a value may not fill does not compile; the rules that decide it are checked here.
TEST(Pattern, APlaceTakesCertainKindsOnly) {
    const auto kinds = [](HolePlace place) {
        std::vector<ValueKind> out;
        for (const auto kind : {ValueKind::markup, ValueKind::text, ValueKind::url, ValueKind::attribute})
            if (may_fill(kind, place)) out.push_back(kind);
        return out;
    };
    EXPECT_EQ(kinds(HolePlace::content), (std::vector{ValueKind::markup, ValueKind::text, ValueKind::url}));
    EXPECT_EQ(kinds(HolePlace::value), std::vector{ValueKind::text});
    EXPECT_EQ(kinds(HolePlace::url), std::vector{ValueKind::url});
    EXPECT_EQ(kinds(HolePlace::tag), std::vector{ValueKind::attribute});
}

constexpr HolePlace place_of(std::string_view pattern) {
    Scanner scanner(pattern);
    Hole hole;
    if (!scanner.next(hole)) throw BadPattern{"no hole"};
    const auto place = hole.place;
    while (scanner.next(hole)) continue;
    return place;
}

TEST(Pattern, FindsThePlaceOfAHole) {
    static_assert(place_of("<p>{}</p>") == HolePlace::content);
    static_assert(place_of("<p title=\"x {}\"></p>") == HolePlace::value);
    static_assert(place_of("<img alt=\"\" src=\"{}\">") == HolePlace::url);
    static_assert(place_of("<p data-live=\"{}\"></p>") == HolePlace::url);
    static_assert(place_of("<option value=\"\"{}>x</option>") == HolePlace::tag);
    static_assert(place_of("<svg><rect{}/></svg>") == HolePlace::tag);
    SUCCEED();
}

TEST(Pattern, KnowsAttributesThatCarryScriptOrAddresses) {
    for (const auto* name : {"onclick", "onload", "style", "srcdoc"})
        EXPECT_TRUE(is_forbidden_attribute(name)) << name;
    for (const auto* name : {"href", "src", "action", "data-live"})
        EXPECT_TRUE(is_url_attribute(name)) << name;
    EXPECT_FALSE(is_forbidden_attribute("title") || is_url_attribute("title"));
}

}  // namespace
}  // namespace riverlight::html
