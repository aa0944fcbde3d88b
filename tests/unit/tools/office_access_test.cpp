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

http::Request from(const std::string& remote, const std::string& cookie = {}) {
    http::Request r;
    r.remote = remote;
    r.headers["cookie"] = cookie;
    return r;
}

/// As a browser sends it back.
std::string sent_back(const std::string& cookie) {
    return cookie.substr(0, cookie.find(';'));
}

/// Signs in, and has written what that writes.
Access::SignIn sign_in(OfficeStore& store, Access& access, const Access::Credentials& said,
                       const http::Request& request, Instant now) {
    auto in = access.sign_in(store, said, request, now);
    if (in.write) in.write(store);
    return in;
}

TEST_F(OfficeTest, case_78_StrangersLockNobodyOutOfADeviceThatIsKnown) {
    Access::set_user(store_, "pmo", "river and light");
    Access::set_user(store_, "other", "another password");
    Access access(false);
    const auto first = sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon);
    ASSERT_EQ(first.cookies.size(), 2U);
    const auto device = sent_back(first.cookies[1]);
    for (int i = 0; i < 5; ++i)
        for (const auto* user : {"pmo", "other"})
            static_cast<void>(sign_in(store_, access, {user, "guess"}, from("192.0.2.1"), noon));
    EXPECT_GT(sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon).wait, 0s)
        << "strangers are slowed";
    EXPECT_EQ(
        sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1", device), noon).cookies.size(),
        2U)
        << "behind the same address";
    EXPECT_GT(sign_in(store_, access, {"other", "another password"}, from("192.0.2.1", device), noon).wait,
              0s)
        << "the device is known of one user alone";
    for (int i = 0; i < 5; ++i)
        static_cast<void>(sign_in(store_, access, {"pmo", "guess"}, from("192.0.2.7", device), noon));
    EXPECT_GT(sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.7", device), noon).wait, 0s)
        << "its own wrong passwords count";
    Access::set_user(store_, "pmo", "a new password");
    EXPECT_GT(sign_in(store_, access, {"pmo", "a new password"}, from("192.0.2.1", device), noon).wait, 0s)
        << "a new password makes every device a stranger's";
    EXPECT_EQ(
        sign_in(store_, access, {"pmo", "a new password"}, from("192.0.2.8"), noon + 6min).cookies.size(),
        2U);
}

TEST_F(OfficeTest, NothingIsKeptOfANameThatIsTooLong) {
    Access access(false);
    for (int i = 0; i < 29; ++i)
        EXPECT_TRUE(sign_in(store_, access, {std::string(65 + static_cast<std::size_t>(i), 'a'), "x"},
                            from("192.0.2.1"), noon)
                        .cookies.empty());
    EXPECT_EQ(sign_in(store_, access, {"pmo", std::string(1001, 'x')}, from("192.0.2.1"), noon).wait, 0s);
    EXPECT_GT(sign_in(store_, access, {"pmo", "x"}, from("192.0.2.1"), noon).wait, 0s)
        << "it counts as a wrong one";
}

TEST_F(OfficeTest, SignInTakesTheRightPasswordAndSlowsGuessing) {
    EXPECT_THROW(Access::set_user(store_, "pmo", "short"), Error);
    EXPECT_THROW(Access::set_user(store_, "PMO Bangkok", "long enough"), Error);
    Access::set_user(store_, "pmo", "river and light");
    Access access(false);
    EXPECT_TRUE(sign_in(store_, access, {"nobody", "x"}, from("192.0.2.1"), noon).cookies.empty());
    const auto in = sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon);
    EXPECT_THAT(attributes_of(in.cookies.at(0)), testing::IsSupersetOf({"HttpOnly", "SameSite=Lax"}));
    http::Request r;
    r.host = "office";
    r.headers["cookie"] = sent_back(in.cookies.at(0));
    const auto session = access.session(store_, r, noon + 1h);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->user, "pmo");
    EXPECT_FALSE(access.session(store_, r, noon + 13h)) << "unused for half a day";
    store_.users.record_use(session->unrecorded, noon + 1h);
    EXPECT_TRUE(access.session(store_, r, noon + 12h));
    EXPECT_EQ(access.session(store_, r, noon + 1h + 30s)->unrecorded, "") << "not twice in a minute";
    EXPECT_FALSE(access.session(store_, r, noon + 1h + 13h));
    // The form's token belongs to the session, and to our own pages.
    r.headers["content-type"] = "application/x-www-form-urlencoded";
    r.body = "form_token=" + session->form_token;
    EXPECT_TRUE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://elsewhere";
    EXPECT_FALSE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://office";
    r.body = "form_token=" + std::string(32, '0');
    EXPECT_FALSE(Access::is_own_form(r, *session));
    access.sign_out(store_, r);
    EXPECT_FALSE(access.session(store_, r, noon + 1h));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in(store_, access, {"pmo", "guess"}, from("192.0.2.9"), noon).wait, 0s);
    EXPECT_GT(sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon).wait, 0s);
    EXPECT_FALSE(
        sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon + 6min).cookies.empty());
}

TEST_F(OfficeTest, ANewPasswordEndsOldSessions) {
    Access::set_user(store_, "pmo", "river and light");
    Access access(true);
    const auto in = sign_in(store_, access, {"pmo", "river and light"}, from("192.0.2.1"), noon);
    EXPECT_THAT(in.cookies.at(0), testing::StartsWith("__Host-riverlight="));
    EXPECT_THAT(attributes_of(in.cookies.at(0)), testing::Contains("Secure"));
    http::Request r;
    r.headers["cookie"] = sent_back(in.cookies.at(0));
    ASSERT_TRUE(access.session(store_, r, noon));
    Access::set_user(store_, "pmo", "another password");
    EXPECT_FALSE(access.session(store_, r, noon));
}

}  // namespace
}  // namespace riverlight::office
