#include "content/html/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/crypto.hpp"
#include "content/html/assets.hpp"

namespace riverlight::html {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

Page page() {
    return {"<Title>", "Name", Html("<nav></nav>"), Html("<h1>Content</h1>"), std::nullopt};
}

TEST(Page, ServedOnesLinkToFilesThatAreThere) {
    auto live = page();
    live.refresh = Refresh{5s, "Not answering."};
    const auto markup = served_page(live).markup();
    for (const auto& file : files()) EXPECT_THAT(markup, HasSubstr('"' + file.path + '"'));
    EXPECT_THAT(markup, HasSubstr("data-every=\"5000\""));
    EXPECT_THAT(markup, HasSubstr("&lt;Title&gt;"));
    EXPECT_THAT(markup, Not(HasSubstr("<style")));
}

TEST(Page, AServedOneThatDoesNotRefreshHasNoScript) {
    EXPECT_THAT(served_page(page()).markup(), Not(HasSubstr("<script")));
}

TEST(Page, AStandaloneOneAllowsItsOwnStyleByHash) {
    const auto markup = standalone_page(page()).markup();
    const auto from = markup.find("<style>"), until = markup.find("</style>");
    ASSERT_NE(from, markup.npos);
    ASSERT_NE(until, markup.npos);
    const auto style = markup.substr(from + 7, until - from - 7);
    EXPECT_EQ(style, style_css);
    EXPECT_THAT(style, Not(HasSubstr("</")));
    EXPECT_THAT(markup, HasSubstr("style-src &#39;sha256-" + to_base64(sha256_raw(style)) + "&#39;"));
    for (const auto* outside : {"<script", "<link", "href=\"/"}) EXPECT_THAT(markup, Not(HasSubstr(outside)));
}

TEST(Page, FilesAreNamedByTheirBytes) {
    for (const auto& file : files()) {
        EXPECT_THAT(file.path, HasSubstr('.' + sha256_hex(file.bytes).substr(0, 16) + '.'));
        EXPECT_EQ(file_at(file.path), &file);
    }
    EXPECT_EQ(file_at("/style.css"), nullptr);
}

TEST(Page, case_71_ThePolicyAllowsNothingInline) {
    EXPECT_EQ(content_security_policy.find("unsafe"), content_security_policy.npos);
}

}  // namespace
}  // namespace riverlight::html
