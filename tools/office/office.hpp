#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "content/base/crypto.hpp"
#include "content/http/server.hpp"
#include "tools/office/access.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/programme.hpp"
#include "tools/office/views.hpp"

/// The office as a whole: which address is answered by what.
namespace riverlight::office {

struct OfficeSetup {
    std::string state;  ///< folder: office.db, office.key, channel/
    std::string channel_url, trusted_root, ca_file;
    std::string zone = "Asia/Bangkok";  ///< IANA: whose today a page opens on
    bool secure = false;                ///< a TLS proxy stands before it: cookies for HTTPS alone
};

/// `<folder>/office.key`, which signs receipts; made on first use.
[[nodiscard]] SigningKey own_key(const std::string& folder);

/// On the loop's thread.
class Office {
  public:
    Office(boost::asio::io_context& loop, const OfficeSetup& setup, std::function<Instant()> now);
    /// Answers one request. Pages need a session, else the sign-in page; `/v1/…` answers 401.
    [[nodiscard]] http::Response answer(const http::Request& request);
    void stop();
    [[nodiscard]] bool fetching() const { return programme_.fetching(); }

  private:
    [[nodiscard]] http::Request as_sent(const http::Request& request) const;
    http::Response from_board(const http::Request& request);
    http::Response post(const http::Request& request, const Session& session);
    http::Response page(const http::Request& request, const Session& session);
    http::Response api(const http::Request& request);
    http::Response sign_in(const http::Request& request);
    http::Response boards(const http::Request& request, const Session& session, const std::string& code = {},
                          const std::string& place = {}, const std::string& complaint = {});
    http::Response airings(const http::Request& request, const Session& session);
    http::Response airings_csv(const http::Request& request);
    http::Response planned(const http::Request& request, const Session& session);
    [[nodiscard]] std::vector<AiringRow> rows_asked(const http::Request& request, std::size_t count,
                                                    std::string& next) const;
    [[nodiscard]] std::chrono::local_days day_asked(const http::Request& request) const;
    void released();
    void keep_plans();

    std::function<Instant()> now_;
    OfficeStore store_;
    SigningKey key_;
    bool behind_tls_;
    std::string zone_;
    Access access_;
    Programme programme_;
    Comparer comparer_;
    Intake intake_;
    boost::asio::steady_timer hour_;
};

/// Approves a board whose key has that fingerprint; throws Error for another, or an unknown board.
void approve(OfficeStore& store, const std::string& board, const std::string& fingerprint);

/// Makes a claim code, good for 30 days; throws Error for names that no board could have.
[[nodiscard]] std::string make_claim(OfficeStore& store, const std::string& place, const std::string& board,
                                     Instant now);

}  // namespace riverlight::office
