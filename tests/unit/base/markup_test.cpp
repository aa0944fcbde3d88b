#include "content/base/markup.hpp"

#include <gtest/gtest.h>

namespace riverlight {
namespace {

TEST(Markup, EscapesMarkup) {
    EXPECT_EQ(markup_escaped("<a href=\"x\" o='y'>&"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;");
    EXPECT_EQ(markup_escaped("&amp;"), "&amp;amp;") << "escaping is not idempotent";
}

TEST(Markup, KeepsOtherScripts) {
    EXPECT_EQ(markup_escaped("ការងារ — งาน"), "ការងារ — งาน");
    EXPECT_EQ(markup_escaped(""), "");
}

TEST(Markup, DropsControlCharacters) {
    EXPECT_EQ(markup_escaped(std::string_view("a\0b\x1b[1m\x07\tc\r\nd", 13)), "ab[1m\tc\r\nd");
}

TEST(Markup, MakesWhatIsNotUtf8Plain) {
    EXPECT_EQ(markup_escaped("caf\xe9 <\xe1\x9e"), "caf\xEF\xBF\xBD &lt;");
}

}  // namespace
}  // namespace riverlight
