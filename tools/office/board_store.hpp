#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/enrolment.hpp"
#include "content/base/instant.hpp"

namespace riverlight::office {

using content::BoardState;
class Database;

/// What a claim code is for. Boards enrol with one.
struct ClaimCode {
    std::string place, board;
    Instant expires{};
    std::string used_by;  ///< public key, hex; empty: not used yet
};

struct BoardRow {
    std::string board, place, public_key;
    BoardState state = BoardState::pending;
    Instant enrolled{};
    std::string version;
    std::optional<Instant> heard;  ///< when its last report came; nothing: none came
    std::string health;            ///< JSON as the board sent it; empty: none yet
};

/// A device that enrolled under the id of a board that reports: it takes the board's place once it is
/// approved.
struct Applicant {
    std::string board, place, public_key, version;
    Instant enrolled{};
};

/// Claim codes and the boards that enrolled with them.
class BoardStore {
  public:
    explicit BoardStore(Database& db) : db_(db) {}

    void add_claim_code(const std::string& code_hash, const ClaimCode& code);
    [[nodiscard]] std::optional<ClaimCode> claim_code(const std::string& code_hash) const;
    /// In one transaction: marks the code as used by the board's key, and adds the board; where one reports
    /// under its id already, as its applicant in place of any other.
    void enrol(const std::string& code_hash, const BoardRow& board);
    [[nodiscard]] std::optional<Applicant> applicant(const std::string& board) const;
    /// The applicant's key becomes the board's. False if there is no applicant.
    bool replace(const std::string& board);

    /// The board's applicant is not there any more.
    void forget_applicant(const std::string& board);

    /// The boards whose key, or whose applicant's key, this is; by id.
    [[nodiscard]] std::vector<std::string> holders_of(const std::string& public_key) const;
    [[nodiscard]] std::vector<BoardRow> all() const;  ///< by id
    /// Since when each place is in service: its first board that is not retired enrolled.
    [[nodiscard]] std::map<std::string, Instant> in_service() const;
    [[nodiscard]] std::optional<BoardRow> find(const std::string& id) const;
    void set_state(const std::string& id, BoardState state);
    void set_health(const std::string& id, const std::string& version, const std::string& health,
                    Instant now);
    void set_heard(const std::string& id, Instant now);

  private:
    /// Keys of boards are never forgotten: what a board signed with one stays true.
    void keep_key(const BoardRow& board);

    Database& db_;
};

}  // namespace riverlight::office
