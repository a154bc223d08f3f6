// Original file: proto/onceward/v1/admin.proto


export interface GetServerInfoRequest {
}

export interface GetServerInfoRequest__Output {
}
