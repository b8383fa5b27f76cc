namespace Tokenwright.ContractTests;

/// <summary>Examples of token records: the one of the documents, and one with realistic values.</summary>
internal static class VMwareCloudExamples
{
    // The exact example of the vendor's reference page for ApiTokenDetailsDto.
    public const string DocumentedExample = """
        {
            "acct": "string",
            "allowedScopes": {
                "generalScopes": [
                    "string"
                ],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": [
                        "string"
                    ],
                    "permissions": [
                        {
                            "permissionId": "string",
                            "resources": [
                                "string"
                            ]
                        }
                    ],
                    "roles": [
                        {
                            "name": "string",
                            "resource": "string"
                        }
                    ]
                },
                "servicesScopes": [
                    {
                        "allPermissions": false,
                        "allRoles": false,
                        "keptInToken": [
                            "string"
                        ],
                        "permissions": [
                            {
                                "permissionId": "string",
                                "resources": [
                                    "string"
                                ]
                            }
                        ],
                        "roles": [
                            {
                                "name": "string",
                                "resource": "string"
                            }
                        ],
                        "serviceDefinitionId": "string"
                    }
                ]
            },
            "createdAt": 0,
            "deactivated": false,
            "deactivatedUpdatedBy": "string",
            "deactivatedUpdatedOn": 0,
            "domain": "string",
            "expiresAt": 0,
            "idpId": "string",
            "lastUsedAt": 0,
            "orgId": "string",
            "scope": [
                "string"
            ],
            "token": "string",
            "tokenId": "string",
            "tokenName": "string",
            "userId": "string",
            "username": "string"
        }
        """;

    // 2026-05-01T10:00:00.123Z, 2026-11-30T10:00:00.456Z, 2026-11-01T10:00:00.789Z and 2026-06-01T10:00:00Z.
    public const string PlausibleExample = """
        {
            "acct": "jane.doe@example.com",
            "allowedScopes": {
                "generalScopes": ["openid"],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": ["ROLES"],
                    "permissions": [{"permissionId": "p-1", "resources": ["r-1"]}],
                    "roles": [{"name": "csp:org_member", "resource": "r-2"}]
                },
                "servicesScopes": [
                    {"allPermissions": false, "allRoles": true, "keptInToken": ["ROLES"], "permissions": null, "roles": null,
                    "serviceDefinitionId": "s-1"},
                    {"allPermissions": false, "allRoles": false, "permissions": [], "roles": [{"name": "service:user"},
                    {"name": "csp:org_member"}], "serviceDefinitionId": "s-2"}
                ]
            },
            "createdAt": 1777629600123,
            "deactivated": false,
            "deactivatedUpdatedBy": "owner@example.com",
            "deactivatedUpdatedOn": 1780308000000,
            "domain": "example.com",
            "expiresAt": 1796032800456,
            "idpId": "idp-1",
            "lastUsedAt": 1793527200789,
            "orgId": "org-1",
            "scope": ["openid", "csp:org_member", "service:extra"],
            "token": "the value of the token",
            "tokenId": "token-1",
            "tokenName": "build server",
            "userId": "example.com:user-1",
            "username": "jane.doe",
            "soon": {"a": 1}
        }
        """;
}
