"""Adds to a report while nobody else does, and fences the write. From the folder that holds proto/."""
import os, secrets, sqlite3, sys, grpc
sys.path.insert(0, "proto")
pb, services = grpc.protos_and_services("onceward/v1/lease.proto")
leases = services.LeaseServiceStub(grpc.insecure_channel(os.getenv("ONCEWARD_ADDRESS", "127.0.0.1:7600")))
report = {"resource": "report-2026"}
mine = leases.Acquire(pb.AcquireRequest(**report, ttl_ms=10_000, attempt_id=secrets.token_hex(16)), timeout=2)
if mine.outcome == pb.AcquireResponse.BUSY:
    sys.exit(f"BUSY {mine.owner}")
held = dict(report, lease_id=mine.lease_id, fencing_token=mine.fencing_token)
try:
    with sqlite3.connect(os.getenv("DATABASE", "reports.db")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS reports (id TEXT PRIMARY KEY, total INT, last_token INT)")
        database.execute("INSERT OR IGNORE INTO reports VALUES ('2026', 0, 0)")
        # The database has the last word: 0 rows = a later holder was here, and this write comes too late.
        rows = database.execute("UPDATE reports SET total = total + 1, last_token = :token "
                                "WHERE id = '2026' AND last_token <= :token", {"token": mine.fencing_token}).rowcount
    print("WRITTEN" if rows == 1 else "FENCED")
finally:
    leases.Release(pb.LeaseServiceReleaseRequest(**held), timeout=2)
