"""Charges an order once, however often it is run. From the folder that holds proto/."""
import os, secrets, sys, grpc
sys.path.insert(0, "proto")
pb, services = grpc.protos_and_services("onceward/v1/idempotency.proto")
onceward = services.IdempotencyServiceStub(grpc.insecure_channel(os.getenv("ONCEWARD_ADDRESS", "127.0.0.1:7600")))
order = {"operation": "charge", "key": "order-19"}
begun = onceward.Begin(pb.BeginRequest(address=order, attempt_id=secrets.token_hex(16)), timeout=2)
if begun.outcome == pb.BeginResponse.STARTED:
    receipt = b"charged 100 EUR"  # the effect itself; hand begun.attempt.fencing_token to your database
    onceward.Complete(pb.CompleteRequest(address=order, fencing_token=begun.attempt.fencing_token,
                                         kind="SUCCEEDED", result={"body": receipt}), timeout=2)
print(pb.BeginResponse.Outcome.Name(begun.outcome), begun.record.result.body.decode())
