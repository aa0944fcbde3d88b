// People sign in.
#include <gmock/gmock.h>

#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/access.hpp"

namespace riverlight::office {
namespace {

/// The attributes of a cookie (RFC 6265, 4.1.1), without its name and value.
std::vector<std::string> attributes_of(const std::string& cookie) {
    std::vector<std::string> out;
    for (auto at = cookie.find("; "); at != std::string::npos;) {
        const auto end = cookie.find("; ", at + 2);
        out.push_back(cookie.substr(at + 2, end == std::string::npos ? end : end - at - 2));
        at = end;
    }
    return out;
}

TEST_F(OfficeTest, SignInTakesTheRightPasswordAndSlowsGuessing) {
    EXPECT_THROW(Access::set_user(store_, "pmo", "short"), Error);
    EXPECT_THROW(Access::set_user(store_, "PMO Bangkok", "long enough"), Error);
    Access::set_user(store_, "pmo", "river and light");
    Access access(store_, false);
    EXPECT_TRUE(access.sign_in("nobody", "x", "192.0.2.1", noon).cookie.empty());
    const auto in = access.sign_in("pmo", "river and light", "192.0.2.1", noon);
    EXPECT_THAT(attributes_of(in.cookie), testing::IsSupersetOf({"HttpOnly", "SameSite=Lax"}));
    http::Request r;
    r.host = "office";
    r.headers["cookie"] = in.cookie.substr(0, in.cookie.find(';'));
    const auto session = access.session(r, noon + 1h);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->user, "pmo");
    EXPECT_FALSE(access.session(r, noon + 1h + 13h)) << "unused for half a day";
    // The form's token belongs to the session, and to our own pages.
    r.headers["content-type"] = "application/x-www-form-urlencoded";
    r.body = "form_token=" + session->form_token;
    EXPECT_TRUE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://elsewhere";
    EXPECT_FALSE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://office";
    r.body = "form_token=" + std::string(32, '0');
    EXPECT_FALSE(Access::is_own_form(r, *session));
    static_cast<void>(access.sign_out(r));
    EXPECT_FALSE(access.session(r, noon + 1h));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(access.sign_in("pmo", "guess", "192.0.2.9", noon).wait, 0s);
    EXPECT_GT(access.sign_in("pmo", "river and light", "192.0.2.1", noon).wait, 0s);
    EXPECT_FALSE(access.sign_in("pmo", "river and light", "192.0.2.1", noon + 6min).cookie.empty());
}

TEST_F(OfficeTest, ANewPasswordEndsOldSessions) {
    Access::set_user(store_, "pmo", "river and light");
    Access access(store_, true);
    const auto in = access.sign_in("pmo", "river and light", "192.0.2.1", noon);
    EXPECT_THAT(in.cookie, testing::StartsWith("__Host-riverlight="));
    EXPECT_THAT(attributes_of(in.cookie), testing::Contains("Secure"));
    http::Request r;
    r.headers["cookie"] = in.cookie.substr(0, in.cookie.find(';'));
    ASSERT_TRUE(access.session(r, noon));
    Access::set_user(store_, "pmo", "another password");
    EXPECT_FALSE(access.session(r, noon));
}

}  // namespace
}  // namespace riverlight::office
