// Original file: proto/onceward/v1/admin.proto


export interface GetStatsRequest {
}

export interface GetStatsRequest__Output {
}
