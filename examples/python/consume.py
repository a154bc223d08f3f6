"""Applies the events of one order in their order, however they arrive. From the folder that holds proto/."""
import os, secrets, sys, grpc
from collections import deque
sys.path.insert(0, "proto")
pb, services = grpc.protos_and_services("onceward/v1/idempotency.proto")
onceward = services.IdempotencyServiceStub(grpc.insecure_channel(os.getenv("ONCEWARD_ADDRESS", "127.0.0.1:7600")))
answers = pb.BeginResponse
queue = deque([(3, "shipped"), (1, "placed"), (1, "placed"), (2, "paid")])  # as the broker delivers them
while queue:
    number, event = queue.popleft()
    address = {"operation": "apply", "stream": "order-21", "key": f"order-21/{number}"}
    begun = onceward.Begin(pb.BeginRequest(address=address, attempt_id=secrets.token_hex(16),
                                           ordering={"sequence": number, "mode": "STRICT_NEXT"}), timeout=2)
    if begun.outcome == answers.STARTED:
        print("apply", number, event)  # the effect itself; hand begun.attempt.fencing_token to your database
        onceward.Complete(pb.CompleteRequest(address=address, fencing_token=begun.attempt.fencing_token,
                                             kind="SUCCEEDED"), timeout=2)
    elif begun.outcome in (answers.REPLAY, answers.STALE):
        print("drop", number, event)  # done before, or the stream has moved past it: acknowledge it
    else:
        print("give back", number, event)  # GAP and the like: not its turn; nack it, and take the next one
        queue.append((number, event))
