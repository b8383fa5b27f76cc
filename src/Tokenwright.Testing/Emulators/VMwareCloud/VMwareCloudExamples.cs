namespace Tokenwright.Testing;

/// <summary>Provides examples from the vendor's documents.</summary>
internal static class VMwareCloudExamples
{
    /// <summary>The unchanged example of the vendor's ApiTokenDetailsDto.</summary>
    public const string Details = """
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
}
