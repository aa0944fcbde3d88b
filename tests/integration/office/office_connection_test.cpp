// Reports over TLS from a board whose clock is wrong (case 56).
#include "firmware/report/office_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/content/tls_server.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::test {
namespace {

using firmware::OfficeConnection;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr long day = 86'400;

TEST(OfficeConnection, case_56_a_certificate_is_checked_against_the_boards_own_time) {
    Folder folder;
    // As on a board that starts in 1970: the certificate begins after what the system's clock says.
    const auto self = self_signed(10 * day, 20 * day);
    TlsServer office(self, "held");
    const auto ca = folder.write("ca.pem", self.certificate);
    const auto system = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto sent = [&](std::function<Instant()> now) {
        OfficeConnection connection(office.url(), ca, std::move(now));
        return connection.send({"PUT", "/v1/x", "{}", {}});
    };
    EXPECT_THAT(sent({}).fault, HasSubstr("not yet valid")) << "by the system's clock";
    const auto good = sent([&] { return system + 15 * 24h; });
    EXPECT_EQ(good.fault, "");
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(good.body, "held");
    EXPECT_THAT(sent([&] { return system + 30 * 24h; }).fault, HasSubstr("expired"));
    EXPECT_THAT(sent([&] { return system; }).fault, HasSubstr("not yet valid"));
    EXPECT_EQ(office.asked, 1) << "no request goes to an office whose certificate is not valid";
}

TEST(OfficeConnection, case_53_a_system_clock_years_ahead_does_not_end_certificates) {
    Folder folder;
    const auto self = self_signed(-20 * day, -10 * day);  // as the system sees a good one
    TlsServer office(self, "held");
    const auto ca = folder.write("ca.pem", self.certificate);
    const auto own =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - 15 * 24h;
    OfficeConnection connection(office.url(), ca, [&] { return own; });
    EXPECT_EQ(connection.send({"PUT", "/v1/x", "{}", {}}).status, 200);
}

}  // namespace
}  // namespace riverlight::test
