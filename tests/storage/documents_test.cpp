// Documents: changed one after the other by what is really there, durable when answered, each tenant's its
// own (xAPI 1.0.3 Part Three 2.2; IEEE 9274.1.1 4.1.6.2 to 4.1.6.4).
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <set>
#include <stdexcept>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

using Outcome = Result<std::optional<Document>>;

DocumentName state(std::string id, std::string agent = "mbox mailto:a@example.com") {
    return {{DocumentKind::state, "http://example.com/course", std::move(agent), std::nullopt},
            std::move(id)};
}

DocumentName registered(DocumentName name, std::uint64_t registration) {
    name.owner.registration = id_of(registration);
    return name;
}

DocumentChange set_to(const std::string& bytes) {
    return [bytes](const auto&) -> Outcome {
        return std::optional<Document>(Document{"text/plain", bytes, "etag of " + bytes, {}});
    };
}

const DocumentChange deletion = [](const auto&) -> Outcome { return std::optional<Document>(); };

// Waits for the answer.
Outcome change(RecordStore& store, const DocumentName& name, DocumentChange change,
               StoreId tenant = first_store) {
    std::promise<Outcome> answer;
    store.change_document(tenant, name, std::move(change),
                          [&](Outcome outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
}

Outcome delete_all(RecordStore& store, const DocumentOwner& owner, StoreId tenant = first_store) {
    std::promise<Outcome> answer;
    store.delete_documents(tenant, owner, [&](Outcome outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
}

// The bytes of a document, or "(none)".
std::string bytes_of(RecordStore& store, const DocumentName& name, StoreId tenant = first_store) {
    const auto found = store.find_document(tenant, name);
    if (!found.has_value()) FAIL(found.error().message);
    return *found ? (**found).bytes : "(none)";
}

using Ids = std::vector<std::string>;

Ids ids_of(RecordStore& store, const DocumentOwner& owner, std::optional<spec::Instant> since = {},
           StoreId tenant = first_store) {
    auto list = store.list_documents(tenant, owner, since);
    if (!list.has_value()) FAIL(list.error().message);
    return std::move(list->ids);
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("A document is kept as its change made it, over a restart") {
    StoreFixture fixture;
    const auto bytes = std::string("\0\xff{", 3);
    const auto changed = change(fixture.store(), state("bookmark"), set_to(bytes));
    REQUIRE(changed.has_value());
    REQUIRE(changed->has_value());
    CHECK((**changed).bytes == bytes);
    fixture.reopen();
    const auto found = fixture.store().find_document(first_store, state("bookmark"));
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((**found).bytes == bytes);
    CHECK((**found).content_type == "text/plain");
    CHECK((**found).etag == "etag of " + bytes);
    CHECK((**found).updated == (**changed).updated);
    CHECK(bytes_of(fixture.store(), state("other")) == "(none)");
}

TEST_CASE("A change sees what is there, and may refuse, delete or leave nothing") {
    StoreFixture fixture;
    auto& store = fixture.store();
    const auto append = [](const std::optional<Document>& present) -> Outcome {
        return std::optional<Document>(
            Document{"text/plain", (present ? present->bytes : "") + "x", "e", {}});
    };
    CHECK((**change(store, state("a"), append)).bytes == "x");
    CHECK((**change(store, state("a"), append)).bytes == "xx");
    const auto refused = change(store, state("a"), [](const auto&) -> Outcome {
        return Error{"etag_mismatch", "", "No."};
    });
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "etag_mismatch");
    CHECK(bytes_of(store, state("a")) == "xx");
    CHECK_FALSE(change(store, state("a"), deletion)->has_value());
    CHECK(bytes_of(store, state("a")) == "(none)");
    CHECK_FALSE(change(store, state("a"), deletion)->has_value());
    CHECK((**change(store, state("a"), append)).bytes == "x");
}

TEST_CASE("A change that throws fails alone") {
    StoreFixture fixture;
    const auto outcome = change(fixture.store(), state("a"),
                                [](const auto&) -> Outcome { throw std::runtime_error("a bug"); });
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == "store_failed");
    CHECK(change(fixture.store(), state("a"), set_to("1")).has_value());
    CHECK(bytes_of(fixture.store(), state("a")) == "1");
}

TEST_CASE("Documents of other kinds, activities, agents, registrations and tenants are other documents") {
    StoreFixture fixture;
    auto& store = fixture.store();
    std::vector<DocumentName> names{state("id"),
                                    state("ID"),
                                    state("id", "mbox mailto:b@example.com"),
                                    registered(state("id"), 1),
                                    registered(state("id"), 2),
                                    state("")};
    names.push_back(state("id"));
    names.back().owner.kind = DocumentKind::activity_profile;
    names.push_back(state("id"));
    names.back().owner.kind = DocumentKind::agent_profile;
    names.push_back(state("id"));
    names.back().owner.activity += "2";
    names.push_back(state(std::string(5000, 'i')));
    for (std::size_t i = 0; i < names.size(); ++i) {
        REQUIRE(change(store, names[i], set_to(std::to_string(i)), 1).has_value());
        REQUIRE(change(store, names[i], set_to("second " + std::to_string(i)), 2).has_value());
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        CHECK(bytes_of(store, names[i], 1) == std::to_string(i));
        CHECK(bytes_of(store, names[i], 2) == "second " + std::to_string(i));
        CHECK(bytes_of(store, names[i], 3) == "(none)");
    }
    REQUIRE(change(store, names[0], deletion, 1).has_value());
    CHECK(bytes_of(store, names[0], 1) == "(none)");
    CHECK(bytes_of(store, names[0], 2) == "second 0");
    CHECK(bytes_of(store, names[1], 1) == "1");
}

TEST_CASE("Of many changes at once of one document none is lost") {
    StoreFixture fixture;
    constexpr std::size_t threads = 8;
    constexpr std::size_t each = 125;
    std::promise<void> all;
    std::atomic<std::size_t> answered = 0;
    std::atomic<std::size_t> failed = 0;
    std::vector<std::thread> senders;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        senders.emplace_back([&, thread] {
            for (std::size_t i = 0; i < each; ++i) {
                const auto line = std::to_string(thread * each + i) + "\n";
                fixture.store().change_document(
                    first_store, state("log"),
                    [line](const std::optional<Document>& present) -> Outcome {
                        const auto before = present ? present->bytes : std::string();
                        return std::optional<Document>(Document{"text/plain", before + line, "e", {}});
                    },
                    [&](const Outcome& outcome) {
                        if (!outcome.has_value()) ++failed;
                        if (++answered == threads * each) all.set_value();
                    });
            }
        });
    }
    for (auto& sender : senders) sender.join();
    all.get_future().get();
    CHECK(failed == 0);
    const auto text = bytes_of(fixture.store(), state("log"));
    CHECK(lines_in(text) == threads * each);
    for (std::size_t i = 0; i < threads * each; ++i) {
        const auto line = std::to_string(i) + "\n";
        if (!text.starts_with(line) && text.find("\n" + line) == std::string::npos) FAIL("lost: " << i);
    }
    fixture.reopen();
    CHECK(bytes_of(fixture.store(), state("log")) == text);
}

TEST_CASE("Of many who change a document if it is as they saw it, exactly one does") {
    StoreFixture fixture;
    REQUIRE(change(fixture.store(), state("a"), set_to("first")).has_value());
    constexpr std::size_t rivals = 200;
    std::promise<void> all;
    std::atomic<std::size_t> answered = 0;
    std::atomic<std::size_t> won = 0;
    for (std::size_t i = 0; i < rivals; ++i) {
        fixture.store().change_document(
            first_store, state("a"),
            [i](const std::optional<Document>& present) -> Outcome {
                if (!present || present->etag != "etag of first") return Error{"etag_mismatch", "", "Late."};
                return std::optional<Document>(
                    Document{"text/plain", std::to_string(i), "etag " + std::to_string(i), {}});
            },
            [&](const Outcome& outcome) {
                if (outcome.has_value()) ++won;
                if (++answered == rivals) all.set_value();
            });
    }
    all.get_future().get();
    CHECK(won == 1);
    CHECK(bytes_of(fixture.store(), state("a")) == "0");
}

TEST_CASE("The ids of an owner's documents are listed each once, sorted, of one registration or of all") {
    StoreFixture fixture;
    auto& store = fixture.store();
    for (const auto* id : {"b", "a", "c"}) REQUIRE(change(store, state(id), set_to(id)).has_value());
    for (const auto* id : {"b", "d"}) {
        REQUIRE(change(store, registered(state(id), 1), set_to(id)).has_value());
    }
    REQUIRE(change(store, state("z", "somebody else"), set_to("z")).has_value());
    REQUIRE(change(store, state("y"), set_to("y"), 2).has_value());
    const auto long_id = std::string(5000, 'l');
    REQUIRE(change(store, state(long_id), set_to("long")).has_value());
    const auto owner = state("").owner;
    CHECK(ids_of(store, owner) == Ids{"a", "b", "c", "d", long_id});
    CHECK(ids_of(store, registered(state(""), 1).owner) == Ids{"b", "d"});
    CHECK(ids_of(store, registered(state(""), 2).owner).empty());
    CHECK(ids_of(store, owner, {}, 2) == Ids{"y"});
    REQUIRE(change(store, state("a"), deletion).has_value());
    CHECK(ids_of(store, owner) == Ids{"b", "c", "d", long_id});
}

TEST_CASE("Documents updated since an instant are those updated after it; time never stands still") {
    RocksdbOptions options;
    options.now = [] { return spec::Instant(std::chrono::seconds(1714557600)); };
    StoreFixture fixture(options);
    auto& store = fixture.store();
    const auto owner = state("").owner;
    const auto first = (**change(store, state("a"), set_to("1"))).updated;
    const auto second = (**change(store, state("b"), set_to("1"))).updated;
    CHECK(first == options.now());
    CHECK(second > first);
    CHECK(ids_of(store, owner, first) == Ids{"b"});
    CHECK(ids_of(store, owner, second).empty());
    CHECK(ids_of(store, owner, first - std::chrono::microseconds(1)) == Ids{"a", "b"});
    fixture.reopen();
    const auto third = (**change(fixture.store(), state("b"), set_to("1"))).updated;
    CHECK(third > second);
    CHECK(ids_of(fixture.store(), owner, second) == Ids{"b"});
}

TEST_CASE("Deleting all of an owner takes its documents, of one registration or of all, and no others") {
    StoreFixture fixture;
    auto& store = fixture.store();
    const auto fill = [&] {
        for (const auto* id : {"a", "b"}) REQUIRE(change(store, state(id), set_to(id)).has_value());
        for (const std::uint64_t registration : {1u, 2u}) {
            REQUIRE(change(store, registered(state("r"), registration), set_to("r")).has_value());
        }
        REQUIRE(change(store, state("z", "somebody else"), set_to("z")).has_value());
        REQUIRE(change(store, state("a"), set_to("other tenant"), 2).has_value());
    };
    fill();
    REQUIRE(delete_all(store, registered(state(""), 1).owner).has_value());
    CHECK(bytes_of(store, registered(state("r"), 1)) == "(none)");
    CHECK(bytes_of(store, registered(state("r"), 2)) == "r");
    CHECK(bytes_of(store, state("a")) == "a");
    fill();
    const auto deleted = delete_all(store, state("").owner);
    REQUIRE(deleted.has_value());
    CHECK_FALSE(deleted->has_value());
    CHECK(ids_of(store, state("").owner).empty());
    CHECK(bytes_of(store, state("z", "somebody else")) == "z");
    CHECK(bytes_of(store, state("a"), 2) == "other tenant");
    CHECK(delete_all(store, state("").owner).has_value());
}

TEST_CASE("Changes and deletions that wait together happen in their order") {
    StoreFixture fixture;
    constexpr int rounds = 100;
    std::promise<void> all;
    std::atomic<int> wrong = 0;
    auto& store = fixture.store();
    const auto is_absent = [&](const std::optional<Document>& present) -> Outcome {
        if (present) ++wrong;
        return std::optional<Document>(Document{"text/plain", "x", "e", {}});
    };
    for (int i = 0; i < rounds; ++i) {
        store.change_document(first_store, state("a"), is_absent, [](const auto&) {});
        store.change_document(first_store, registered(state("b"), 1), is_absent, [](const auto&) {});
        store.delete_documents(first_store, state("").owner, [&, i](const auto&) {
            if (i + 1 == rounds) all.set_value();
        });
    }
    all.get_future().get();
    CHECK(wrong == 0);
    CHECK(ids_of(store, state("").owner).empty());
}

TEST_CASE("What waits when a store is closed is finished") {
    StoreFixture fixture;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 50; ++i) {
        fixture.store().change_document(first_store, state(std::to_string(i)), set_to("x"),
                                        [&](const Outcome& outcome) {
                                            if (outcome.has_value()) ++answered;
                                        });
    }
    fixture.close();
    CHECK(answered == 50);
    fixture.open();
    CHECK(ids_of(fixture.store(), state("").owner).size() == 50);
}

TEST_CASE("A full disk refuses changes of documents and takes them again when there is space") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    StoreFixture fixture(options);
    REQUIRE(change(fixture.store(), state("a"), set_to("1")).has_value());
    disk.set_full(true);
    const auto refused = change(fixture.store(), state("a"), set_to("2"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "store_full");
    CHECK(delete_all(fixture.store(), state("").owner).error().code == "store_full");
    CHECK(bytes_of(fixture.store(), state("a")) == "1");
    disk.set_full(false);
    CHECK(change(fixture.store(), state("a"), set_to("3")).has_value());
    CHECK(bytes_of(fixture.store(), state("a")) == "3");
    fixture.close();
}

TEST_CASE("Documents that were acknowledged survive a power cut at any change to the disk") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("cut at change " << n);
        StoreFixture fixture(options);
        disk.fail_at(n, Fault::io_error, true);
        std::string acknowledged = "(none)";
        std::set<std::string> possible{acknowledged};
        for (int i = 0; i < 4; ++i) {
            const auto text = std::to_string(i);
            possible.insert(text);
            const auto outcome = i == 2 ? delete_all(fixture.store(), state("").owner)
                                        : change(fixture.store(), state("a"), set_to(text));
            if (outcome.has_value()) {
                acknowledged = *outcome ? (**outcome).bytes : "(none)";
                possible = {acknowledged};
            } else {
                const auto& code = outcome.error().code;
                CHECK((code == "store_full" || code == "store_failed"));
                possible.insert("(none)");
            }
        }
        CHECK(possible.contains(bytes_of(fixture.store(), state("a")))); // reads go on
        fixture.close();
        reached = disk.failed();
        disk.heal();
        disk.cut_power();
        fixture.open();
        const auto kept = bytes_of(fixture.store(), state("a"));
        INFO("kept: " << kept << ", acknowledged: " << acknowledged);
        CHECK(possible.contains(kept));
        CHECK(change(fixture.store(), state("a"), set_to("again")).has_value());
        fixture.close();
        REQUIRE(n < 300);
    }
}

TEST_CASE("After a single failed change to the disk documents are written again, or the store says why not") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    const auto fault = GENERATE(Fault::no_space, Fault::io_error);
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("failing at change " << n << (fault == Fault::no_space ? " for want of space" : ""));
        StoreFixture fixture(options);
        disk.fail_at(n, fault, false);
        Ids acknowledged;
        for (const auto* id : {"a", "b", "c", "d"}) {
            if (change(fixture.store(), state(id), set_to(id)).has_value()) {
                acknowledged.emplace_back(id);
            } else if (id != std::string_view("a") && !disk.failed()) {
                FAIL("refused without a reason");
            }
        }
        if (acknowledged.size() < 3) CHECK_FALSE(fixture.store().writable().has_value());
        reached = disk.failed();
        fixture.close();
        disk.heal();
        fixture.open();
        for (const auto& id : acknowledged) CHECK(bytes_of(fixture.store(), state(id)) == id);
        CHECK(change(fixture.store(), state("e"), set_to("e")).has_value());
        fixture.close();
        REQUIRE(n < 300);
    }
}

TEST_CASE("When too many changes wait, more are refused at once, and those that wait are made") {
    StoreFixture fixture;
    std::promise<void> begun;
    std::promise<void> go_on;
    auto may_go_on = go_on.get_future().share();
    fixture.store().change_document(
        first_store, state("slow"),
        [&begun, may_go_on](const auto&) -> Outcome {
            begun.set_value();
            may_go_on.wait();
            return std::optional<Document>();
        },
        [](const auto&) {});
    begun.get_future().wait();
    std::atomic<std::size_t> made = 0;
    std::size_t busy = 0;
    std::size_t sent = 0;
    while (busy == 0 && sent < 100'000) {
        fixture.store().change_document(first_store, state(std::to_string(sent++)), set_to("x"),
                                        [&](const Outcome& outcome) {
                                            if (outcome.has_value()) {
                                                ++made;
                                            } else if (outcome.error().code == "store_busy") {
                                                ++busy;
                                            }
                                        });
    }
    CHECK(busy == 1);
    go_on.set_value();
    fixture.close();
    CHECK(made == sent - 1);
}

TEST_CASE("Copies of an open store, at any moment, hold every document that was acknowledged") {
    StoreFixture fixture;
    for (int i = 0; i < 8; ++i) {
        REQUIRE(change(fixture.store(), state(std::to_string(i)), set_to("x")).has_value());
        const auto copy = fixture.folder() / ("copy" + std::to_string(i));
        copy_as_crashed(fixture.data(), copy);
        const auto crashed = open_rocksdb(copy);
        REQUIRE(crashed.has_value());
        CHECK(ids_of(**crashed, state("").owner).size() == static_cast<std::size_t>(i) + 1);
    }
}

TEST_CASE("A change that takes long does not keep the documents of all others waiting") {
    StoreFixture fixture;
    std::promise<void> go_on;
    std::promise<void> begun;
    std::promise<void> finished;
    fixture.store().change_document(
        first_store, state("slow"),
        [&](const auto&) -> Result<std::optional<Document>> {
            begun.set_value();
            go_on.get_future().wait();
            return std::optional<Document>();
        },
        [&](auto) { finished.set_value(); });
    begun.get_future().wait();
    // Of so many owners some are with other threads.
    constexpr int owners = 32;
    std::atomic<int> answered = 0;
    std::vector<std::promise<void>> all(owners);
    for (int i = 0; i < owners; ++i) {
        auto name = state("quick");
        name.owner.activity += std::to_string(i);
        fixture.store().change_document(
            first_store, name,
            [](const auto&) -> Result<std::optional<Document>> { return std::optional<Document>(); },
            [&, i](auto) {
                ++answered;
                all[static_cast<std::size_t>(i)].set_value();
            });
    }
    const auto patience = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (answered < owners / 2 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
    CHECK(answered >= owners / 2);
    go_on.set_value();
    finished.get_future().wait();
    for (auto& one : all) one.get_future().wait();
}
