#include "content/html/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "content/base/error.hpp"

namespace riverlight::html {
namespace {

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
    }
    return out;
}

RC_GTEST_PROP(Url, AValueStaysOneSegmentOfThePath, (const std::string& value)) {
    RC_PRE(value != "." && value != "..");
    const auto text = Url("/boards/{}/approve", value).text();
    RC_ASSERT(text.starts_with("/boards/"));
    RC_ASSERT(text.ends_with("/approve"));
    RC_ASSERT(std::count(text.begin(), text.end(), '/') == 3);
    RC_ASSERT(text.find_first_of("?#&\"'<> \\") == text.npos);
    RC_ASSERT(percent_decoded(text.substr(8, text.size() - 16)) == value);
}

RC_GTEST_PROP(Url, AValueStaysOneFieldOfTheQuery, (const std::string& value)) {
    const auto text = Url("/airings").with("board", value).with("next", value).text();
    RC_ASSERT(std::count(text.begin(), text.end(), '?') == 1);
    RC_ASSERT(std::count(text.begin(), text.end(), '&') == 1);
    RC_ASSERT(std::count(text.begin(), text.end(), '=') == 2);
    RC_ASSERT(text.find_first_of("#+\"'<> ") == text.npos);
    RC_ASSERT(percent_decoded(text.substr(15, text.find('&') - 15)) == value);
}

TEST(Url, EncodesByRfc3986) {
    EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encoded("a b/ខ+&%"), "a%20b%2F%E1%9E%81%2B%26%25");
    EXPECT_EQ(Url("/style.{}.css", "0f").text(), "/style.0f.css");
    EXPECT_EQ(Url("/page/{}", 7).text(), "/page/7");
}

TEST(Url, AStepInThePathIsRefused) {
    for (const auto* value : {".", ".."}) EXPECT_THROW(Url("/boards/{}/approve", value), Error) << value;
    EXPECT_NO_THROW(Url("/boards/{}", "..."));
    EXPECT_NO_THROW(Url("/outlet/{}.jpg", "."));
}

TEST(Url, HoldsAPictureOrAPlaceOnThePage) {
    EXPECT_EQ(Url::data("image/jpeg", "\xff\xd8").text(), "data:image/jpeg;base64,/9g=");
    EXPECT_EQ(Url::fragment("new code").text(), "#new%20code");
}

}  // namespace
}  // namespace riverlight::html
